package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * A line from {@code initValue} to {@code peakValue} in {@code warmupSteps} steps, then {@code
 * peakValue}. Constantly {@code initValue} if {@code warmupSteps <= 0}, as the original.
 *
 * @param initValue the value at count 0
 * @param peakValue the value after the warm-up
 * @param warmupSteps the number of steps of the warm-up
 */
@Withers
public record WarmupConstantSchedule(double initValue, double peakValue, int warmupSteps)
    implements Schedule, WarmupConstantScheduleWithers {
  public WarmupConstantSchedule {
    Check.finite("initValue", initValue);
    Check.finite("peakValue", peakValue);
  }

  @Override
  public double at(double count) {
    return LinearSchedule.value(initValue, peakValue, warmupSteps, 0, count);
  }
}
