package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * Rises along a line from {@code initValue} to {@code peakValue} in {@code warmupSteps} steps, then
 * follows an {@link ExponentialDecay} that starts at {@code peakValue} and counts its steps, {@code
 * transitionBegin} included, from the end of the warm-up.
 *
 * <p>Values are those of Optax. Arguments are checked when the schedule is made.
 *
 * @param initValue the value at count 0
 * @param peakValue the value after the warm-up
 * @param warmupSteps the number of steps of the warm-up
 * @param transitionSteps the number of steps in which the value is multiplied by decayRate once
 * @param decayRate the factor of one period
 * @param transitionBegin the number of steps between the warm-up and the decay
 * @param staircase whether the value stays constant during a period and jumps at its end
 * @param endValue the bound of the value; null for no bound
 */
@Withers
public record WarmupExponentialDecaySchedule(
    double initValue,
    double peakValue,
    int warmupSteps,
    int transitionSteps,
    double decayRate,
    int transitionBegin,
    boolean staircase,
    @Nullable Double endValue)
    implements Schedule, WarmupExponentialDecayScheduleWithers {
  /**
   * Checks the arguments.
   *
   * @param initValue finite
   * @param peakValue finite
   * @param warmupSteps any number
   * @param transitionSteps any number
   * @param decayRate finite
   * @param transitionBegin any number; negative ones count as 0
   * @param staircase true or false
   * @param endValue finite, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public WarmupExponentialDecaySchedule {
    Check.finite("initValue", initValue);
    Check.finite("peakValue", peakValue);
    Check.finite("decayRate", decayRate);
    if (endValue != null) {
      Check.finite("endValue", endValue);
    }
  }

  /**
   * Returns a schedule whose smooth decay begins right after the warm-up and has no bound.
   *
   * @param initValue the value at count 0
   * @param peakValue the value after the warm-up
   * @param warmupSteps the number of steps of the warm-up
   * @param transitionSteps the number of steps in which the value is multiplied by decayRate once
   * @param decayRate the factor of one period
   * @return the schedule
   * @throws IllegalArgumentException if a value is not finite
   */
  public static WarmupExponentialDecaySchedule of(
      double initValue, double peakValue, int warmupSteps, int transitionSteps, double decayRate) {
    return new WarmupExponentialDecaySchedule(
        initValue, peakValue, warmupSteps, transitionSteps, decayRate, 0, false, null);
  }

  @Override
  public double at(double count) {
    if (count < warmupSteps) {
      return LinearSchedule.value(initValue, peakValue, warmupSteps, 0, count);
    }
    return ExponentialDecay.value(
        peakValue,
        transitionSteps,
        decayRate,
        transitionBegin,
        staircase,
        endValue,
        count - warmupSteps);
  }
}
