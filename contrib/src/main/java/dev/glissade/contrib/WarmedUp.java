package dev.glissade.contrib;

import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.schedule.WarmupConstantSchedule;
import org.jspecify.annotations.Nullable;

/**
 * A schedule that rises from 0 to another one within some steps.
 *
 * @param schedule what it rises to
 * @param share from 0 to 1
 */
record WarmedUp(Schedule schedule, WarmupConstantSchedule share) implements Schedule {

  static void check(@Nullable Integer steps) {
    if (steps != null) {
      Check.atLeast("warmupSteps", 1, steps);
    }
  }

  /** Returns the schedule after a warm-up; for a constant one Optax's, with the same bits. */
  static Schedule of(Schedule schedule, @Nullable Integer steps) {
    if (steps == null) {
      return schedule;
    }
    return schedule instanceof ConstantSchedule constant
        ? new WarmupConstantSchedule(0, constant.value(), steps)
        : new WarmedUp(schedule, new WarmupConstantSchedule(0, 1, steps));
  }

  @Override
  public double at(double count) {
    return schedule.at(count) * share.at(count);
  }

  @Override
  public Scalar at(Scalar count) {
    return schedule.at(count).times(share.at(count));
  }
}
