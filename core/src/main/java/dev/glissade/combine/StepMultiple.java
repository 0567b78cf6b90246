package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.Scalar;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Holds in every period-th step, and in the first one.
 *
 * @param period the number of steps from one to the next, at least 1
 */
@Withers
public record StepMultiple(long period) implements StepCondition, StepMultipleWithers {
  /**
   * Checks the period.
   *
   * @param period at least 1
   * @throws IllegalArgumentException if the period is less than 1
   */
  public StepMultiple {
    Check.that(period >= 1, "period must be at least 1", period);
  }

  @Override
  public Scalar test(Scalar step, Extras extras) {
    return step.map(count -> count % (double) period == 0 ? 1 : 0);
  }
}
