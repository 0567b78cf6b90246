package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.schedule.ScheduleState;
import dev.glissade.withers.Withers;

/**
 * Multiplies updates by a schedule's value; at the first step by that for count 0. A value of 0
 * makes updates 0, infinities and NaN, too.
 *
 * @param stepSizeFn the factor as a function of the steps taken
 */
@Withers
public record ScaleBySchedule(Schedule stepSizeFn)
    implements GradientTransformation<ScaleBySchedule.ScaleByScheduleState>,
        ScaleByScheduleWithers {

  /** How many steps were taken. */
  public record ScaleByScheduleState(Scalar count) implements ScheduleState {
    public ScaleByScheduleState next() {
      return new ScaleByScheduleState(count.plus(1));
    }

    @Override
    public ScheduleState keptIn(ScheduleState other, boolean next) {
      return next ? next() : this;
    }
  }

  @Override
  public ScaleByScheduleState initialState(Tree params) {
    return new ScaleByScheduleState(Scalar.of(0));
  }

  @Override
  public Step<ScaleByScheduleState> step(
      Tree updates, ScaleByScheduleState state, Tree params, Extras extras) {
    return Step.of(Scaled.by(updates, stepSizeFn, state.count(), false), state.next());
  }
}
