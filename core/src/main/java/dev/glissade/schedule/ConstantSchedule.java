package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * The same value at every step.
 *
 * @param value the value at every count
 */
@Withers
public record ConstantSchedule(double value) implements Schedule, ConstantScheduleWithers {
  public ConstantSchedule {
    Check.finite("value", value);
  }

  /** The value, refused under the name of the argument that it is if it is not finite. */
  public static ConstantSchedule named(String name, double value) {
    return new ConstantSchedule(Check.finite(name, value));
  }

  @Override
  public double at(double count) {
    return value;
  }
}
