package dev.glissade;

/**
 * What a transformation gives back.
 *
 * @param updates what is to be added to the parameters, or handed to the next transformation
 * @param state the state for the next step
 */
public record Step<S>(Tree updates, S state) {

  public static <S> Step<S> of(Tree updates, S state) {
    return new Step<>(updates, state);
  }
}
