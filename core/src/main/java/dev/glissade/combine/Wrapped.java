package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs a transformation whose state's type is not known at compile time, for combinators. */
public final class Wrapped {
  private Wrapped() {}

  /**
   * Checks that a transformation takes mean gradients.
   *
   * @param name the argument's name
   * @param inner the wrapped transformation
   * @param remedy what to do with per-example gradients instead
   * @throws IllegalArgumentException if the transformation takes per-example gradients
   */
  public static void requireMeanGradients(
      String name, GradientTransformation<?> inner, String remedy) {
    if (inner.perExample()) {
      throw new IllegalArgumentException(
          "%s must take mean gradients, but was %s, which takes per-example gradients: %s"
              .formatted(name, inner.getClass().getSimpleName(), remedy));
    }
  }

  /**
   * Returns the state of a transformation before its first step.
   *
   * @param inner the wrapped transformation
   * @param params the parameters
   * @return the state, deferred
   * @throws IllegalStateException if the transformation returns null
   */
  public static Object initialState(GradientTransformation<?> inner, Tree params) {
    Object state = inner.initialState(params);
    if (state == null) {
      throw new IllegalStateException(
          "the initialState of %s must not be null: return an empty record".formatted(inner));
    }
    return state;
  }

  /**
   * Returns the parameters to evaluate of a transformation, in the types of the parameters.
   *
   * @param inner the wrapped transformation
   * @param state a state that inner itself made
   * @param params the parameters that inner steps
   * @return the parameters to evaluate, deferred; {@code params} itself if they are the same
   * @throws IllegalArgumentException if the state is null or was made by another transformation
   */
  @SuppressWarnings("unchecked")
  public static Tree evalParams(
      GradientTransformation<?> inner, @Nullable Object state, Tree params) {
    return called(
        inner,
        state,
        own ->
            ((GradientTransformation<Object>) inner)
                .evalParams(own, params)
                .as(params.structure()));
  }

  /**
   * Returns one step of a transformation.
   *
   * @param inner the wrapped transformation
   * @param updates the gradients, or the updates of the transformation before this one
   * @param state a state that inner itself made
   * @param params the parameters at which the gradients were taken
   * @param extras extra arguments of the step
   * @return the updates and the next state, deferred
   * @throws IllegalArgumentException if the state is null or was made by another transformation
   */
  @SuppressWarnings("unchecked")
  public static Step<Object> step(
      GradientTransformation<?> inner,
      Tree updates,
      @Nullable Object state,
      Tree params,
      Extras extras) {
    return called(
        inner,
        state,
        own -> ((GradientTransformation<Object>) inner).step(updates, own, params, extras));
  }

  private static <R> R called(
      GradientTransformation<?> inner, @Nullable Object state, Function<Object, R> call) {
    if (state == null) {
      throw new IllegalArgumentException(
          "the state must be one that %s made, but was null".formatted(inner));
    }
    try {
      return call.apply(state);
    } catch (ClassCastException e) {
      throw new IllegalArgumentException(
          "the state must be one that %s made, but was a %s"
              .formatted(inner, state.getClass().getSimpleName()),
          e);
    }
  }
}
