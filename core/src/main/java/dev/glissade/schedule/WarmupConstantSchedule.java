package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.tree.Check;

/**
 * A line from {@code initValue} to {@code peakValue} in {@code warmupSteps} steps, then {@code
 * peakValue}. Constantly {@code initValue} if {@code warmupSteps <= 0}, as the original.
 */
public record WarmupConstantSchedule(double initValue, double peakValue, int warmupSteps)
    implements Schedule {
  public WarmupConstantSchedule {
    Check.finite("initValue", initValue);
    Check.finite("peakValue", peakValue);
  }

  @Override
  public double at(double count) {
    return LinearSchedule.value(initValue, peakValue, warmupSteps, 0, count);
  }
}
