package dev.glissade;

import java.util.function.Function;

/**
 * Turns gradients into updates and keeps a state: an optimizer, or a part of one. Immutable;
 * threads may share it freely.
 *
 * <p>An implementation provides {@link #initialState} and {@link #step}, which describe the
 * arithmetic and compute nothing. Its state is a record of trees, scalars, keys, other records,
 * lists and maps. Numbers in a state are {@link Scalar}s: an int or boolean there is part of the
 * program and should not change from step to step.
 *
 * <p>Callers use {@link #init} with {@link #update} or {@link #apply}, whose results are computed,
 * or a {@link Stepper}, which steps in place.
 *
 * @param <S> the state
 */
public interface GradientTransformation<S> {

  /**
   * Returns the state before the first step, deferred.
   *
   * @param params the parameters
   * @return the initial state
   * @throws IllegalArgumentException if the transformation does not fit the parameters, as when a
   *     label of a leaf has no transformation
   */
  S initialState(Tree params);

  /**
   * Describes one step: returns the updates and the next state, deferred. Nothing has a value yet,
   * so use {@link Scalar#choose} and {@link Scalar#map} instead of {@code if}.
   *
   * @param updates the gradients, or the updates of the transformation before this one
   * @param state the state after the previous step
   * @param params the parameters at which the gradients were computed
   * @param extras the extra arguments of this step
   * @return the updates, to be added to the parameters or passed on, and the next state
   */
  Step<S> step(Tree updates, S state, Tree params, Extras extras);

  /**
   * Describes the parameters to evaluate and to save after a step, deferred. By default these are
   * the stepped ones, {@code params} itself. Some methods step others: Schedule-Free steps a point
   * between two sequences and evaluates their average, SAM climbs between two descents.
   *
   * <p>A caller computes them by {@code optimizer.evalParams(state, params).evaluate()}; for a
   * stepper, {@link Stepper#evalParams} does. Combinators pass on those of what they wrap. An
   * implementation must not change the state.
   *
   * @param state the state after a step, or before the first one
   * @param params the parameters after the same step
   * @return a tree of the structure of {@code params}
   */
  default Tree evalParams(S state, Tree params) {
    return params;
  }

  /**
   * Returns whether this transformation takes per-example gradients, with a batch axis before the
   * parameter's axes in each leaf. The default is false.
   *
   * @return whether gradients have a batch axis
   */
  default boolean perExample() {
    return false;
  }

  /**
   * {@return the state before the first step, computed}
   *
   * @param params the parameters
   */
  default S init(Tree params) {
    return Deferred.evaluated(initialState(params));
  }

  /**
   * Calls {@link #update(Tree, Object, Tree, Extras)} without extra arguments.
   *
   * @param gradients the gradients at the parameters
   * @param state the state after the previous step
   * @param params the parameters
   * @return the updates and the next state, computed
   */
  default Step<S> update(Tree gradients, S state, Tree params) {
    return update(gradients, state, params, Extras.NONE);
  }

  /**
   * Computes the updates to add to the parameters, and the next state. It changes none of its
   * arguments and keeps no reference to them.
   *
   * @param gradients the gradients at the parameters
   * @param state the state after the previous step
   * @param params the parameters
   * @param extras the extra arguments
   * @return the updates and the next state, computed
   * @throws IllegalArgumentException if the gradients' paths, shapes or computed types are not
   *     those of the parameters, or the state belongs to other parameters
   */
  default Step<S> update(Tree gradients, S state, Tree params, Extras extras) {
    return Deferred.evaluated(Driver.step(this, gradients, state, params, extras));
  }

  /**
   * Calls {@link #apply(Tree, Object, Tree, Extras)} without extra arguments.
   *
   * @param gradients the gradients at the parameters
   * @param state the state after the previous step
   * @param params the parameters
   * @return the new parameters and the next state, computed
   */
  default Applied<S> apply(Tree gradients, S state, Tree params) {
    return apply(gradients, state, params, Extras.NONE);
  }

  /**
   * Computes the new parameters and the next state in one program. It changes none of its arguments
   * and keeps no reference to them.
   *
   * @param gradients the gradients at the parameters
   * @param state the state after the previous step
   * @param params the parameters
   * @param extras the extra arguments
   * @return the new parameters, in the types of the old ones, and the next state
   * @throws IllegalArgumentException if the gradients' paths, shapes or computed types are not
   *     those of the parameters, or the state belongs to other parameters
   */
  default Applied<S> apply(Tree gradients, S state, Tree params, Extras extras) {
    Step<S> step = Driver.step(this, gradients, state, params, extras);
    return Deferred.evaluated(
        new Applied<>(Driver.next(Deferred.lifted(params), step.updates()), step.state()));
  }

  /**
   * Returns a transformation made of two functions: {@code of(Momentum::new, (g, state, x) ->
   * Step.of(...))}.
   *
   * @param <S> the state
   * @param initial returns the state before the first step
   * @param step describes one step
   * @return a transformation that ignores extra arguments
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

  /**
   * A step that needs no extra arguments.
   *
   * @param <S> the state
   */
  @FunctionalInterface
  interface StepFunction<S> {
    /**
     * Describes one step, as {@link GradientTransformation#step} does.
     *
     * @param updates the gradients, or the updates of the transformation before this one
     * @param state the state after the previous step
     * @param params the parameters
     * @return the updates and the next state, deferred
     */
    Step<S> step(Tree updates, S state, Tree params);
  }
}
