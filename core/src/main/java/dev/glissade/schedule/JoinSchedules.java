package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import java.util.List;

/**
 * One schedule after the other: {@code schedules[i + 1]} from the step {@code boundaries[i]} on,
 * where it starts from count 0. Of boundaries that are not ascending, the last one reached rules.
 *
 * @param schedules at least one, in order
 * @param boundaries one fewer than schedules
 */
@Withers
public record JoinSchedules(List<? extends Schedule> schedules, List<Integer> boundaries)
    implements Schedule, JoinSchedulesWithers {
  public JoinSchedules {
    schedules = List.copyOf(schedules);
    boundaries = List.copyOf(boundaries);
    Check.that(!schedules.isEmpty(), "schedules must not be empty", schedules);
    Check.that(
        boundaries.size() == schedules.size() - 1,
        "boundaries must be one fewer than the " + schedules.size() + " schedules",
        boundaries);
  }

  /** Values are float32 where one of the schedules' are, as the original's. */
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
