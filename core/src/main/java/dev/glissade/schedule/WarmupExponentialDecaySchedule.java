package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.tree.Check;
import org.jspecify.annotations.Nullable;

/**
 * A line from {@code initValue} to {@code peakValue} in {@code warmupSteps} steps, then an {@link
 * ExponentialDecay} from {@code peakValue} with the other arguments, whose steps ({@code
 * transitionBegin}, too) count from the end of the warm-up.
 */
public record WarmupExponentialDecaySchedule(
    double initValue,
    double peakValue,
    int warmupSteps,
    int transitionSteps,
    double decayRate,
    int transitionBegin,
    boolean staircase,
    @Nullable Double endValue)
    implements Schedule {
  public WarmupExponentialDecaySchedule {
    Check.finite("initValue", initValue);
    Check.finite("peakValue", peakValue);
    Check.finite("decayRate", decayRate);
    if (endValue != null) {
      Check.finite("endValue", endValue);
    }
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
