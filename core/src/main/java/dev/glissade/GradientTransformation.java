package dev.glissade;

import java.util.function.Function;

/**
 * Turns gradients into updates, with a state: an optimizer, or a part of one. Immutable; shared
 * freely between threads.
 *
 * <p>An implementation gives {@link #initialState} and {@link #step}, which describe the arithmetic
 * and compute nothing; its state is a record of trees, scalars, keys, other records, lists and
 * maps. Numbers in a state are {@link Scalar}s: an int or boolean there is part of the program and
 * must not change from step to step. Callers use {@link #init} with {@link #update} or {@link
 * #apply}, whose results are computed, or a {@link Stepper}.
 *
 * @param <S> the state
 */
public interface GradientTransformation<S> {

  /** The state before the first step. */
  S initialState(Tree params);

  /**
   * One step: the updates and the next state, deferred.
   *
   * @param updates the gradients, or the updates of the transformation before this one
   * @param params the parameters that the gradients were taken at
   */
  Step<S> step(Tree updates, S state, Tree params, Extras extras);

  /** Whether it takes per-example gradients: a batch axis in front of every leaf. */
  default boolean perExample() {
    return false;
  }

  /** The state before the first step, computed. */
  default S init(Tree params) {
    return Evaluation.of(initialState(params));
  }

  /** {@link #update(Tree, Object, Tree, Extras)} without extra arguments. */
  default Step<S> update(Tree gradients, S state, Tree params) {
    return update(gradients, state, params, Extras.NONE);
  }

  /**
   * The updates to add to the parameters and the next state, computed. Nothing given is changed or
   * kept hold of.
   *
   * @throws IllegalArgumentException if the gradients' paths, shapes or types are not those of the
   *     parameters, or the state is of other parameters
   */
  default Step<S> update(Tree gradients, S state, Tree params, Extras extras) {
    return Evaluation.of(Driver.step(this, gradients, state, params, extras));
  }

  /** {@link #apply(Tree, Object, Tree, Extras)} without extra arguments. */
  default Applied<S> apply(Tree gradients, S state, Tree params) {
    return apply(gradients, state, params, Extras.NONE);
  }

  /** The new parameters and the next state, computed in one program. */
  default Applied<S> apply(Tree gradients, S state, Tree params, Extras extras) {
    Step<S> step = Driver.step(this, gradients, state, params, extras);
    return Evaluation.of(new Applied<>(Driver.next(params.lifted(), step.updates()), step.state()));
  }

  /**
   * A transformation of two functions: {@code of(Momentum::new, (g, state, x) -> Step.of(...))}.
   */
  static <S> GradientTransformation<S> of(Function<Tree, S> initial, StepFunction<S> step) {
    return new GradientTransformation<>() {
      @Override
      public S initialState(Tree params) {
        return initial.apply(params);
      }

      @Override
      public Step<S> step(Tree updates, S state, Tree params, Extras extras) {
        return step.step(updates, state, params);
      }
    };
  }

  /** A step that needs no extra arguments. */
  @FunctionalInterface
  interface StepFunction<S> {
    Step<S> step(Tree updates, S state, Tree params);
  }
}
