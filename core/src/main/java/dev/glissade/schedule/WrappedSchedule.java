package dev.glissade.schedule;

import dev.glissade.Extras;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.withers.Withers;

/**
 * A schedule that counts its steps itself, as a {@link StatefulSchedule}.
 *
 * @param schedule a function of the number of steps taken before
 */
@Withers
public record WrappedSchedule(Schedule schedule)
    implements StatefulSchedule<WrappedSchedule.WrappedScheduleState>, WrappedScheduleWithers {

  /**
   * The state of {@link WrappedSchedule}.
   *
   * @param count the number of steps taken
   */
  public record WrappedScheduleState(Scalar count) {}

  @Override
  public WrappedScheduleState initialState() {
    return new WrappedScheduleState(Scalar.of(0));
  }

  @Override
  public Scalar value(WrappedScheduleState state, Extras extras) {
    return schedule.at(state.count());
  }

  @Override
  public WrappedScheduleState update(WrappedScheduleState state, Extras extras) {
    return new WrappedScheduleState(state.count().plus(1));
  }
}
