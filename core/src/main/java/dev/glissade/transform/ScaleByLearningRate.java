package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.transform.ScaleBySchedule.ScaleByScheduleState;
import dev.glissade.withers.Withers;

/**
 * Multiplies updates by minus the learning rate, so that adding them to the parameters descends.
 *
 * <p>A learning rate of 0 gives 0, even for an infinity or NaN, where Optax gives NaN. State: the
 * number of steps taken, at which the schedule is read.
 *
 * @param learningRate the factor; a schedule is read at count 0 at the first step
 * @param flipSign whether the factor is minus the learning rate
 */
@Withers
public record ScaleByLearningRate(Schedule learningRate, boolean flipSign)
    implements GradientTransformation<ScaleByScheduleState>, ScaleByLearningRateWithers {

  /**
   * Returns scaling by minus the learning rate.
   *
   * @param learningRate the learning rate
   * @return the transformation
   */
  public static ScaleByLearningRate of(Schedule learningRate) {
    return new ScaleByLearningRate(learningRate, true);
  }

  @Override
  public ScaleByScheduleState initialState(Tree params) {
    return new ScaleByScheduleState(Scalar.of(0));
  }

  @Override
  public Step<ScaleByScheduleState> step(
      Tree updates, ScaleByScheduleState state, Tree params, Extras extras) {
    return Step.of(Scaled.by(updates, learningRate, state.count(), flipSign), state.next());
  }
}
