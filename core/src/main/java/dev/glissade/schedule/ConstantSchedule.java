package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Returns the same value at every step. A learning rate, weight decay or other hyperparameter that
 * is given as a number becomes this schedule.
 *
 * <p>Values are those of Optax. Arguments are checked when the schedule is made.
 *
 * @param value the value at every count
 */
@Withers
public record ConstantSchedule(double value) implements Schedule, ConstantScheduleWithers {
  /**
   * Checks that the value is finite.
   *
   * @param value any finite number
   * @throws IllegalArgumentException if the value is not finite
   */
  public ConstantSchedule {
    Check.finite("value", value);
  }

  /**
   * Returns a constant schedule; an error message calls the value by the given argument name.
   *
   * @param name the name of the argument that holds the value, such as {@code learningRate}
   * @param value the value at every count, finite
   * @return the schedule
   * @throws IllegalArgumentException if the value is not finite
   */
  public static ConstantSchedule named(String name, double value) {
    return new ConstantSchedule(Check.finite(name, value));
  }

  @Override
  public double at(double count) {
    return value;
  }
}
