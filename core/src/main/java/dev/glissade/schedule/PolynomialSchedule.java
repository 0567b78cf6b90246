package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Moves from {@code initValue} to {@code endValue} along a power of the remaining fraction of
 * steps:
 *
 * <pre>{@code
 * elapsed = clip(count - max(transitionBegin, 0), 0, transitionSteps)
 * value   = (initValue - endValue) (1 - elapsed / transitionSteps)^power + endValue
 * }</pre>
 *
 * <p>As in Optax the value is constantly {@code initValue} if {@code transitionSteps <= 0}.
 *
 * <p>Values are those of Optax. Arguments are checked when the schedule is made.
 *
 * @param initValue the value until transitionBegin
 * @param endValue the value after the transition
 * @param power the exponent of the remaining fraction; 1 gives a line
 * @param transitionSteps the number of steps of the transition
 * @param transitionBegin the count at which the transition begins
 */
@Withers
public record PolynomialSchedule(
    double initValue, double endValue, double power, int transitionSteps, int transitionBegin)
    implements Schedule, PolynomialScheduleWithers {
  /**
   * Checks the arguments.
   *
   * @param initValue finite
   * @param endValue finite
   * @param power finite
   * @param transitionSteps any number
   * @param transitionBegin any number; negative ones count as 0
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public PolynomialSchedule {
    Check.finite("initValue", initValue);
    Check.finite("endValue", endValue);
    Check.finite("power", power);
  }

  /**
   * Returns a curve that begins at step 0.
   *
   * @param initValue the value at count 0
   * @param endValue the value after the transition
   * @param power the exponent of the remaining fraction; 1 gives a line
   * @param transitionSteps the number of steps of the transition
   * @return the schedule
   * @throws IllegalArgumentException if initValue, endValue or power is not finite
   */
  public static PolynomialSchedule of(
      double initValue, double endValue, double power, int transitionSteps) {
    return new PolynomialSchedule(initValue, endValue, power, transitionSteps, 0);
  }

  @Override
  public double at(double count) {
    if (transitionSteps <= 0) {
      return initValue;
    }
    float left = left(count, transitionSteps, transitionBegin);
    // (I - E) left^P + E
    return Math.fma((float) (initValue - endValue), Single.pow(left, power), (float) endValue);
  }

  /** Returns the fraction of the transition that remains, from 1 down to 0. */
  static float left(double count, int transitionSteps, int transitionBegin) {
    double elapsed = Math.min(Math.max(count - Math.max(transitionBegin, 0), 0), transitionSteps);
    return Math.fma((float) -elapsed, 1 / (float) transitionSteps, 1);
  }
}
