package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.Scalar;
import dev.glissade.withers.Withers;

/**
 * Holds in the first steps.
 *
 * @param limit how many steps it holds in
 */
@Withers
public record StepBelow(long limit) implements StepCondition, StepBelowWithers {
  @Override
  public Scalar test(Scalar step, Extras extras) {
    return step.lessThan((double) limit);
  }
}
