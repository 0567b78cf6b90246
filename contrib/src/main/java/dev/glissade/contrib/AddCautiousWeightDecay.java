package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.ScaleBySchedule.ScaleByScheduleState;
import dev.glissade.withers.Withers;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Adds weight decay where it pulls a parameter to where the update goes anyway (Chen et al.,
 * "Cautious Weight Decay", 2025, arXiv 2510.12402):
 *
 * <pre>{@code
 * u = g + weightDecay x where g x >= 0, else g
 * }</pre>
 *
 * <p>Here g is the update that arrives, uphill: put it where {@code addDecayedWeights} would be,
 * before the learning rate, as in {@code chain(scaleByAdam(), addCautiousWeightDecay(0.1),
 * scaleByLearningRate(1e-3))}. It takes the weight decay of AdamW or Lion as it is. Unlike theirs,
 * it does not change where the loss has its minimum.
 *
 * <p>A constant weightDecay of 0 adds nothing, even where x is infinite or NaN. Optax has no
 * counterpart yet. State: the number of steps taken, at which the schedule is read.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param weightDecay the factor of the parameters; a schedule is read at count 0 at the first step
 * @param mask accepts the paths of the leaves that decay; null for all leaves
 */
@Withers
public record AddCautiousWeightDecay(Schedule weightDecay, @Nullable Predicate<String> mask)
    implements GradientTransformation<ScaleByScheduleState>, AddCautiousWeightDecayWithers {

  /**
   * Returns cautious weight decay on all leaves.
   *
   * @param weightDecay the factor of the parameters
   * @return the transformation
   */
  public static AddCautiousWeightDecay of(Schedule weightDecay) {
    return new AddCautiousWeightDecay(weightDecay, null);
  }

  @Override
  public ScaleByScheduleState initialState(Tree params) {
    return new ScaleByScheduleState(Scalar.of(0));
  }

  @Override
  public Step<ScaleByScheduleState> step(
      Tree g, ScaleByScheduleState state, Tree params, Extras extras) {
    return Step.of(decayed(g, state.count(), params), state.next());
  }

  private Tree decayed(Tree g, Scalar count, Tree x) {
    if (weightDecay instanceof ConstantSchedule constant && constant.value() == 0) {
      return g;
    }
    // 1 where g x >= 0, else 0; by the sign of x, since a product of small numbers may underflow
    Tree agrees = g.times(x.sign()).sign().plus(1).min(1);
    Tree decayed = g.plus(x.times(agrees).times(weightDecay.at(count)));
    return mask == null ? decayed : decayed.where(mask, g);
  }
}
