package dev.glissade.schedule;

import dev.glissade.Extras;
import dev.glissade.Scalar;

/**
 * A hyperparameter that depends on more than the number of steps, such as the losses so far: it
 * keeps a state, and sees the extra arguments of each step. {@code
 * injectHyperparams(sgd(0.1)).schedule("learningRate", schedule)} makes an optimizer follow it.
 *
 * <p>An implementation describes arithmetic and computes nothing, as a step does; it is immutable.
 *
 * @param <S> the state: a record of scalars, trees, other records, lists and maps
 */
public interface StatefulSchedule<S> {

  /** {@return the state before the first step} */
  S initialState();

  /**
   * Returns the hyperparameter for a step, before {@link #update} sees the step.
   *
   * @param state the state after the previous step
   * @param extras the extra arguments of this step
   * @return the hyperparameter, deferred
   */
  Scalar value(S state, Extras extras);

  /**
   * Returns the state after a step.
   *
   * @param state the state after the previous step
   * @param extras the extra arguments of this step
   * @return the state for the next step, deferred
   */
  S update(S state, Extras extras);
}
