package dev.glissade;

import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.graph.Rewrite;

/** What all ways to drive a transformation have in common. */
final class Driver {
  /** Whether this thread is inside a transformation's step, where nothing has a value yet. */
  private static final ThreadLocal<Boolean> IN_STEP = ThreadLocal.withInitial(() -> false);

  private Driver() {}

  /**
   * Refuses an evaluation inside a step, since a stepper traces the step once for all runs.
   *
   * @param what the value to be evaluated, for the message
   */
  static void requireOutsideOfStep(String what) {
    if (IN_STEP.get()) {
      throw new IllegalStateException(
          what
              + " must not be evaluated inside a step, where it has no value yet: use choose or map"
              + " instead of if, and Tree.callback for functions of arrays");
    }
  }

  static boolean isInStep() {
    return IN_STEP.get();
  }

  /** Checks the arguments of a step and returns the step as a graph. */
  static <S> Step<S> step(
      GradientTransformation<S> transformation,
      Tree gradients,
      S state,
      Tree params,
      Extras extras) {
    requireGradients(transformation, gradients, params);
    return traced(
        transformation,
        Deferred.lifted(mayChange(gradients, extras) ? gradients.copy() : gradients),
        Deferred.lifted(state),
        Deferred.lifted(params),
        Extras.of(Deferred.lifted(extras.arguments())));
  }

  /**
   * Returns whether a function among the extra arguments may overwrite the gradients' arrays while
   * the step still needs them, as a function does that writes to the same arrays each time.
   */
  static boolean mayChange(Tree gradients, Extras extras) {
    return extras.calls() && gradients.isEvaluated();
  }

  /** Returns a step as a graph; explains a state that does not fit. */
  static <S> Step<S> traced(
      GradientTransformation<S> transformation,
      Tree gradients,
      S state,
      Tree params,
      Extras extras) {
    boolean outer = IN_STEP.get();
    IN_STEP.set(true);
    try {
      Tree scaled = extras.scaled(gradients);
      return transformation.step(scaled, state, params, extras.inside(scaled));
    } catch (Structure.Mismatch e) {
      throw new IllegalArgumentException(
          "the state must belong to these params, and the transformation must not combine trees of"
              + " different forms: "
              + e.getMessage(),
          e);
    } finally {
      IN_STEP.set(outer);
    }
  }

  static void requireGradients(
      GradientTransformation<?> transformation, Tree gradients, Tree params) {
    if (!transformation.perExample()) {
      gradients.structure().requireSame("gradients", params.structure(), "params");
    }
  }

  /** Returns the parameters to evaluate in the types of the parameters, on memory of their own. */
  static <S> Tree evalParams(GradientTransformation<S> transformation, S state, Tree params) {
    // Steps overwrite the trees of the state, so the result must not be one of them.
    S borrowed = Deferred.map(state, Driver::borrowed);
    return transformation.evalParams(borrowed, params).as(params.structure()).evaluate();
  }

  private static Deferred borrowed(Deferred part) {
    return part instanceof Tree tree ? TreeForms.borrowed(tree) : part;
  }

  /** Returns params + updates in the types of the parameters, deferred. */
  static Tree next(Tree params, Tree updates) {
    updates.structure().requireSame("updates", params.structure(), "params");
    Structure computed = params.structure().computed();
    Node sum = Rewrite.sum(params.node(), updates.node(), computed.layout());
    return new Tree(computed, sum).as(params.structure());
  }
}
