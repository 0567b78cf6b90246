package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * Multiplies a value by {@code decayRate} every {@code transitionSteps} steps, smoothly or, with
 * {@code staircase}, in jumps:
 *
 * <pre>{@code
 * periods = max(count - max(transitionBegin, 0), 0) / transitionSteps, rounded down with staircase
 * value   = initValue decayRate^periods
 * }</pre>
 *
 * <p>{@code endValue}, if given, is a lower bound for {@code decayRate < 1} and an upper bound
 * otherwise. As in Optax the value is constantly {@code initValue} if {@code transitionSteps <= 0}
 * or {@code decayRate == 0}.
 *
 * <p>Values are those of Optax. Arguments are checked when the schedule is made.
 *
 * @param initValue the value until transitionBegin
 * @param transitionSteps the number of steps in which the value is multiplied by decayRate once
 * @param decayRate the factor of one period
 * @param transitionBegin the count at which the decay begins
 * @param staircase whether the value stays constant during a period and jumps at its end
 * @param endValue the bound of the value; null for no bound
 */
@Withers
public record ExponentialDecay(
    double initValue,
    int transitionSteps,
    double decayRate,
    int transitionBegin,
    boolean staircase,
    @Nullable Double endValue)
    implements Schedule, ExponentialDecayWithers {
  /**
   * Checks the arguments.
   *
   * @param initValue finite
   * @param transitionSteps any number
   * @param decayRate finite
   * @param transitionBegin any number; negative ones count as 0
   * @param staircase true or false
   * @param endValue finite, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ExponentialDecay {
    Check.finite("initValue", initValue);
    Check.finite("decayRate", decayRate);
    if (endValue != null) {
      Check.finite("endValue", endValue);
    }
  }

  /**
   * Returns a smooth decay that begins at step 0 and has no bound.
   *
   * @param initValue the value at count 0
   * @param transitionSteps the number of steps in which the value is multiplied by decayRate once
   * @param decayRate the factor of one period
   * @return the schedule
   * @throws IllegalArgumentException if initValue or decayRate is not finite
   */
  public static ExponentialDecay of(double initValue, int transitionSteps, double decayRate) {
    return new ExponentialDecay(initValue, transitionSteps, decayRate, 0, false, null);
  }

  @Override
  public double at(double count) {
    return value(
        initValue, transitionSteps, decayRate, transitionBegin, staircase, endValue, count);
  }

  static double value(
      double initValue,
      int transitionSteps,
      double decayRate,
      int transitionBegin,
      boolean staircase,
      @Nullable Double endValue,
      double count) {
    if (transitionSteps <= 0 || decayRate == 0) {
      return initValue;
    }
    double elapsed = Math.max(count - Math.max(transitionBegin, 0), 0);
    float periods = Single.fraction(elapsed, transitionSteps);
    double whole = staircase ? Math.floor(periods) : periods;
    // I r^periods
    float value = (float) initValue * (float) Math.pow((float) decayRate, whole);
    if (endValue == null) {
      return value;
    }
    float end = endValue.floatValue();
    return decayRate < 1 ? Math.max(value, end) : Math.min(value, end);
  }
}
