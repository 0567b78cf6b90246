package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;
import org.jspecify.annotations.Nullable;

/** Steps of a transformation whose state's type is not known at compile time. */
public final class Wrapped {
  private Wrapped() {}

  public static Object initialState(GradientTransformation<?> inner, Tree params) {
    Object state = inner.initialState(params);
    if (state == null) {
      throw new IllegalStateException(inner + " has no state; an empty record would do");
    }
    return state;
  }

  /** The state is one that the transformation itself has made. */
  @SuppressWarnings("unchecked")
  public static Step<Object> step(
      GradientTransformation<?> inner,
      Tree updates,
      @Nullable Object state,
      Tree params,
      Extras extras) {
    if (state == null) {
      throw new IllegalArgumentException("the state is of another transformation than " + inner);
    }
    try {
      return ((GradientTransformation<Object>) inner).step(updates, state, params, extras);
    } catch (ClassCastException e) {
      throw new IllegalArgumentException(
          "the state is of another transformation than %s: %s"
              .formatted(inner, state.getClass().getSimpleName()),
          e);
    }
  }
}
