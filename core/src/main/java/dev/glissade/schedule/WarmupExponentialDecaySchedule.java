package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * A line from {@code initValue} to {@code peakValue} in {@code warmupSteps} steps, then an {@link
 * ExponentialDecay} from {@code peakValue} with the other arguments, whose steps ({@code
 * transitionBegin}, too) count from the end of the warm-up.
 *
 * @param initValue the value at count 0
 * @param peakValue the value after the warm-up
 * @param warmupSteps the number of steps of the warm-up
 * @param transitionSteps the number of steps in which the value is multiplied by decayRate once
 * @param decayRate the factor of one period
 * @param transitionBegin the number of steps between the warm-up and the decay
 * @param staircase whether the value jumps at the end of each period
 * @param endValue the bound of the value; null for none
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
  public WarmupExponentialDecaySchedule {
    Check.finite("initValue", initValue);
    Check.finite("peakValue", peakValue);
    Check.finite("decayRate", decayRate);
    if (endValue != null) {
      Check.finite("endValue", endValue);
    }
  }

  /** Returns a schedule whose smooth decay begins right after the warm-up and has no bound. */
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
