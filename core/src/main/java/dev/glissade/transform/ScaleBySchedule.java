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
 * Multiplies updates by a schedule's value, with its sign: for descent the schedule must be
 * negative, or use {@link ScaleByLearningRate}.
 *
 * <p>A value of 0 gives 0, even for an infinity or NaN, where Optax gives NaN.
 *
 * @param stepSizeFn the factor as a function of the number of steps taken; 0 at the first step
 */
@Withers
public record ScaleBySchedule(Schedule stepSizeFn)
    implements GradientTransformation<ScaleBySchedule.ScaleByScheduleState>,
        ScaleByScheduleWithers {

  /**
   * The state of {@link ScaleBySchedule}, {@link ScaleByLearningRate} and {@link
   * AddDecayedWeights}.
   *
   * @param count the number of steps taken
   */
  public record ScaleByScheduleState(Scalar count) implements ScheduleState {
    /** {@return the state after one more step} */
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
