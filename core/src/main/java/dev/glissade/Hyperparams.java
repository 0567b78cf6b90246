package dev.glissade;

/**
 * A state that holds hyperparameters, in a component {@code hyperparams}, which users set while
 * they train. {@link States#set} and {@link Stepper#set} set them by {@link #with}, so that one
 * that followed a schedule stays as it was set.
 */
public interface Hyperparams {

  /**
   * Returns the state with one hyperparameter set, which no longer follows a schedule.
   *
   * @throws IllegalArgumentException if there is no hyperparameter of this name, or the value
   *     breaks its rule
   */
  Hyperparams with(String name, double value);
}
