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
 * Multiplies updates by minus the learning rate, as gradient descent does; without the flip by the
 * learning rate. A learning rate of 0 makes updates 0, infinities and NaN, too.
 *
 * @param learningRate the factor
 * @param flipSign whether the factor is minus the learning rate
 */
@Withers
public record ScaleByLearningRate(Schedule learningRate, boolean flipSign)
    implements GradientTransformation<ScaleByScheduleState>, ScaleByLearningRateWithers {

  /** Returns the product with minus the learning rate. */
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
