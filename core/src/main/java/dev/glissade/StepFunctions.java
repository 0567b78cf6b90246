package dev.glissade;

import org.jspecify.annotations.Nullable;

/** Stand in a traced step for the functions among the extra arguments that each run is given. */
final class StepFunctions {
  private static final int PRODUCT = -1;

  private @Nullable GradientFunction gradients;
  private @Nullable HessianProduct product;
  private @Nullable FiniteGuard guard;
  private long step;
  private int threads;

  /** Returns what stands for a function, or the value itself if it is none. */
  Object standIn(Object value) {
    if (value instanceof GradientFunction) {
      return (GradientFunction) this::gradients;
    }
    return value instanceof HessianProduct ? (HessianProduct) this::product : value;
  }

  /** Takes a function for the next run. */
  void bind(Object value) {
    if (value instanceof GradientFunction function) {
      gradients = function;
    } else if (value instanceof HessianProduct function) {
      product = function;
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
