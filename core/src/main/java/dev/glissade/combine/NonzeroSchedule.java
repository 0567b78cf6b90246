package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.withers.Withers;

/**
 * Holds where a schedule is not 0.
 *
 * @param schedule a function of the number of steps taken before
 */
@Withers
public record NonzeroSchedule(Schedule schedule) implements StepCondition, NonzeroScheduleWithers {
  @Override
  public Scalar test(Scalar step, Extras extras) {
    return schedule.at(step).equalTo(0).not();
  }
}
