package dev.glissade.combine;

import dev.glissade.Scalar;
import dev.glissade.Tree;

/**
 * Measures the updates of each step, and keeps a state from step to step. {@link Measure} is the
 * usual one, without a state.
 *
 * @param <S> the state: a record of trees, scalars, other records, lists and maps
 */
public interface StatefulMeasure<S> {

  /** {@return the state before the first step} */
  S initialState();

  /**
   * Describes one measurement, deferred.
   *
   * @param updates the updates of the step
   * @param state the state after the previous step
   * @return the number and the next state
   */
  Measured<S> measured(Tree updates, S state);

  /**
   * The result of a measurement.
   *
   * @param <S> the state
   * @param value the number
   * @param state the state for the next step
   */
  record Measured<S>(Scalar value, S state) {}
}
