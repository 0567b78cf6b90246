package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * A value that is multiplied with {@code decayRate} every {@code transitionSteps} steps, smoothly
 * or, with {@code staircase}, in jumps:
 *
 * <pre>{@code
 * periods = (count - max(transitionBegin, 0)) / transitionSteps, rounded down with staircase
 * value   = initValue decayRate^periods, from initValue at transitionBegin on
 * }</pre>
 *
 * <p>{@code endValue}, if there is one, is the least value for {@code decayRate < 1} and the
 * greatest one otherwise. Constantly {@code initValue} if {@code transitionSteps <= 0} or {@code
 * decayRate == 0}.
 *
 * @param initValue the value until transitionBegin
 * @param transitionSteps the number of steps in which the value is multiplied by decayRate once
 * @param decayRate the factor of one period
 * @param transitionBegin the count at which the decay begins
 * @param staircase whether the value jumps at the end of each period
 * @param endValue the bound of the value; null for none
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
  public ExponentialDecay {
    Check.finite("initValue", initValue);
    Check.finite("decayRate", decayRate);
    if (endValue != null) {
      Check.finite("endValue", endValue);
    }
  }

  /** Returns a smooth decay that begins at step 0 and has no bound. */
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
