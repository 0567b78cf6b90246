package dev.glissade;

import org.jspecify.annotations.Nullable;

/** Stand in a traced step for the functions among the extra arguments that each run is given. */
final class StepFunctions {
  private static final int PRODUCT = -1;

  private @Nullable GradientFunction gradients;
  private @Nullable HessianProduct product;
  private @Nullable LossFunction loss;
  private @Nullable FiniteGuard guard;
  private long step;
  private int threads;

  /** Returns what stands for a function, or the value itself if it is none. */
  Object standIn(Object value) {
    if (value instanceof GradientFunction) {
      return (GradientFunction) this::gradients;
    }
    if (value instanceof LossFunction) {
      return new Loss();
    }
    return value instanceof HessianProduct ? (HessianProduct) this::product : value;
  }

  /**
   * Stands for the loss of each run. A loss or gradients that are not finite tell a line search
   * where the loss ends, so the guard does not see them.
   */
  final class Loss implements LossFunction {
    private LossFunction present() {
      if (loss == null) {
        throw new IllegalStateException(
            "a loss function of a step must not be called after the step");
      }
      return loss;
    }

    @Override
    public ValueAndGradients valueAndGradients(Tree params, int i) {
      return present().valueAndGradients(params, i);
    }

    @Override
    public double value(Tree params, int i) {
      return present().value(params, i);
    }

    /** Returns how many threads may work on a large pass. */
    int threads() {
      return threads;
    }
  }

  /** Takes a function for the next run. */
  void bind(@Nullable Object value) {
    if (value instanceof GradientFunction function) {
      gradients = function;
    } else if (value instanceof HessianProduct function) {
      product = function;
    } else if (value instanceof LossFunction function) {
      loss = function;
    }
  }

  /**
   * Prepares a run.
   *
   * @param guard checks the functions' results; null if all are allowed
   * @param step the number of the step, for messages
   * @param threads how many threads may work on a large pass
   */
  void begin(@Nullable FiniteGuard guard, long step, int threads) {
    this.guard = guard;
    this.step = step;
    this.threads = threads;
  }

  /** Drops the functions of the run. */
  void end() {
    gradients = null;
    product = null;
    loss = null;
  }

  private Tree gradients(Tree params, int i) {
    if (gradients == null) {
      throw new IllegalStateException(
          "a gradient function of a step must not be called after the step");
    }
    return finite(gradients.gradients(params, i), i);
  }

  private Tree product(Tree params, Tree vector) {
    if (product == null) {
      throw new IllegalStateException(
          "a Hessian product of a step must not be called after the step");
    }
    return finite(product.product(params, vector), PRODUCT);
  }

  private Tree finite(Tree result, int call) {
    if (guard == null || result == null) {
      return result;
    }
    Tree computed = result.evaluate();
    String name =
        call == PRODUCT
            ? "Hessian product"
            : "result " + call + " of the gradient function: gradients";
    guard.requireFinite(computed, name, step, threads);
    return computed;
  }
}
