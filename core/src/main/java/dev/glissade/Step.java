package dev.glissade;

/**
 * The result of a transformation's step.
 *
 * @param <S> the state
 * @param updates the updates, to be added to the parameters or passed to the next transformation
 * @param state the state for the next step
 */
public record Step<S>(Tree updates, S state) {

  /**
   * {@return a step's result}
   *
   * @param <S> the state
   * @param updates the updates
   * @param state the state for the next step
   */
  public static <S> Step<S> of(Tree updates, S state) {
    return new Step<>(updates, state);
  }
}
