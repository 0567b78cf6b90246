package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Rises along a line from {@code initValue} to {@code peakValue} in {@code warmupSteps} steps and
 * then stays. As in Optax the value is constantly {@code initValue}, not peakValue, if {@code
 * warmupSteps <= 0}.
 *
 * <p>Values are those of Optax. Arguments are checked when the schedule is made.
 *
 * @param initValue the value at count 0
 * @param peakValue the value after the warm-up
 * @param warmupSteps the number of steps of the warm-up
 */
@Withers
public record WarmupConstantSchedule(double initValue, double peakValue, int warmupSteps)
    implements Schedule, WarmupConstantScheduleWithers {
  /**
   * Checks the arguments.
   *
   * @param initValue finite
   * @param peakValue finite
   * @param warmupSteps any number
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public WarmupConstantSchedule {
    Check.finite("initValue", initValue);
    Check.finite("peakValue", peakValue);
  }

  @Override
  public double at(double count) {
    return LinearSchedule.value(initValue, peakValue, warmupSteps, 0, count);
  }
}
