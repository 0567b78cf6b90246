package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Moves along a straight line from {@code initValue} to {@code endValue}, which it reaches after
 * {@code transitionBegin + transitionSteps} steps and keeps:
 *
 * <pre>{@code
 * elapsed = clip(count - max(transitionBegin, 0), 0, transitionSteps)
 * value   = (initValue - endValue) (1 - elapsed / transitionSteps) + endValue
 * }</pre>
 *
 * <p>As in Optax the value is constantly {@code initValue} if {@code transitionSteps <= 0}.
 *
 * <p>Values are those of Optax. Arguments are checked when the schedule is made.
 *
 * @param initValue the value until transitionBegin
 * @param endValue the value after the transition
 * @param transitionSteps the number of steps of the transition
 * @param transitionBegin the count at which the transition begins
 */
@Withers
public record LinearSchedule(
    double initValue, double endValue, int transitionSteps, int transitionBegin)
    implements Schedule, LinearScheduleWithers {
  /**
   * Checks the arguments.
   *
   * @param initValue finite
   * @param endValue finite
   * @param transitionSteps any number
   * @param transitionBegin any number; negative ones count as 0
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public LinearSchedule {
    Check.finite("initValue", initValue);
    Check.finite("endValue", endValue);
  }

  /**
   * Returns a line that begins at step 0.
   *
   * @param initValue the value at count 0
   * @param endValue the value after the transition
   * @param transitionSteps the number of steps of the transition
   * @return the schedule
   * @throws IllegalArgumentException if initValue or endValue is not finite
   */
  public static LinearSchedule of(double initValue, double endValue, int transitionSteps) {
    return new LinearSchedule(initValue, endValue, transitionSteps, 0);
  }

  @Override
  public double at(double count) {
    return value(initValue, endValue, transitionSteps, transitionBegin, count);
  }

  static double value(
      double initValue, double endValue, int transitionSteps, int transitionBegin, double count) {
    if (transitionSteps <= 0) {
      return initValue;
    }
    float left = PolynomialSchedule.left(count, transitionSteps, transitionBegin);
    // (I - E) left + E
    return Math.fma((float) (initValue - endValue), left, (float) endValue);
  }
}
