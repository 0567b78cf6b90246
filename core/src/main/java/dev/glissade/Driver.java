package dev.glissade;

import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.graph.Rewrite;

/** What every way to drive a transformation does. */
final class Driver {
  /** Whether this thread is inside of a transformation's step, where nothing has a value yet. */
  private static final ThreadLocal<Boolean> IN_STEP = ThreadLocal.withInitial(() -> false);

  private Driver() {}

  /**
   * Refuses an evaluation inside of a step, which a stepper writes down once for all steps.
   *
   * @param what the thing to be evaluated
   */
  static void requireOutsideOfStep(String what) {
    if (IN_STEP.get()) {
      throw new IllegalStateException(
          what
              + " must not be evaluated inside of a step, where it has no value yet: use choose or"
              + " map in place of if, and Tree.callback for functions of arrays");
    }
  }

  static boolean isInStep() {
    return IN_STEP.get();
  }

  /** Checks the arguments of a step and returns it as a graph. */
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
   * Whether a gradient function may write into the gradients' arrays while the step still needs
   * them, as one does that computes into the same arrays each time.
   */
  static boolean mayChange(Tree gradients, Extras extras) {
    return extras.calls() && gradients.isEvaluated() && !gradients.isOwned();
  }

  /** Returns a step as a graph; names a state that does not fit. */
  static <S> Step<S> traced(
      GradientTransformation<S> transformation,
      Tree gradients,
      S state,
      Tree params,
      Extras extras) {
    boolean outer = IN_STEP.get();
    IN_STEP.set(true);
    try {
      return transformation.step(gradients, state, params, extras);
    } catch (Structure.Mismatch e) {
      throw new IllegalArgumentException(
          "the state is of other params, or the transformation joins trees of two forms: "
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

  /** params + updates in the types of the parameters, deferred. */
  static Tree next(Tree params, Tree updates) {
    updates.structure().requireSame("updates", params.structure(), "params");
    Structure computed = params.structure().computed();
    Node sum = Rewrite.sum(params.node(), updates.node(), computed.layout());
    return new Tree(computed, sum).as(params.structure());
  }
}
