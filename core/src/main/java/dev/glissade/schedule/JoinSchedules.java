package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import java.util.List;

/**
 * Runs schedules one after another: {@code schedules[i + 1]} takes over at the step {@code
 * boundaries[i]} and starts there from count 0. If the boundaries do not ascend, the last one in
 * the list that the count has reached decides.
 *
 * <p>Values are those of Optax. Arguments are checked when the schedule is made.
 *
 * @param schedules at least one, in order
 * @param boundaries the counts at which schedules change, one fewer than there are schedules
 */
@Withers
public record JoinSchedules(List<? extends Schedule> schedules, List<Integer> boundaries)
    implements Schedule, JoinSchedulesWithers {
  /**
   * Copies the lists and checks their sizes.
   *
   * @param schedules not empty
   * @param boundaries one fewer than schedules
   * @throws IllegalArgumentException if there is no schedule, or the number of boundaries is wrong
   */
  public JoinSchedules {
    schedules = List.copyOf(schedules);
    boundaries = List.copyOf(boundaries);
    Check.that(!schedules.isEmpty(), "schedules must not be empty", schedules);
    Check.that(
        boundaries.size() == schedules.size() - 1,
        "boundaries must have one element fewer than the " + schedules.size() + " schedules",
        boundaries);
  }

  /**
   * Returns the value of the schedule that is in force; float32 if any of the schedules is computed
   * in float32, as in Optax.
   */
  @Override
  public double at(double count) {
    double value = valueAt(count);
    return Single.isSingle(this) ? (float) value : value;
  }

  private double valueAt(double count) {
    for (int i = boundaries.size(); i > 0; i--) {
      int boundary = boundaries.get(i - 1);
      if (count >= boundary) {
        return schedules.get(i).at(count - boundary);
      }
    }
    return schedules.get(0).at(count);
  }
}
