package dev.glissade;

/**
 * A state with a component {@code hyperparams}, which holds hyperparameters that users set while
 * they train. {@link States#set} and {@link Stepper#set} call {@link #with}, so that a
 * hyperparameter that followed a schedule keeps the value that was set.
 */
public interface Hyperparams {

  /**
   * Returns the state with one hyperparameter set, which then no longer follows a schedule.
   *
   * @param name the hyperparameter's name
   * @param value its new value
   * @return the changed state
   * @throws IllegalArgumentException if there is no hyperparameter of this name, or the value
   *     breaks its rule
   */
  Hyperparams with(String name, double value);
}
