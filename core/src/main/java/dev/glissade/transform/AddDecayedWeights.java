package dev.glissade.transform;

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
 * Adds weight decay to the updates: {@code u = g + weightDecay x}.
 *
 * <p>Its place in a chain decides what it is: before {@link ScaleByAdam} it is an L2 penalty, after
 * it and before {@link ScaleByLearningRate} it is the decoupled decay of AdamW. Mask out biases and
 * the scales of normalization layers.
 *
 * <p>A constant weightDecay of 0 adds nothing, even where x is infinite or NaN. The mask is a
 * predicate on leaf paths, where Optax takes a tree of flags. State: the number of steps taken, at
 * which the schedule is read.
 *
 * @param weightDecay the factor of the parameters; a schedule is read at count 0 at the first step
 * @param mask accepts the paths of the leaves that decay; null for all leaves
 */
@Withers
public record AddDecayedWeights(Schedule weightDecay, @Nullable Predicate<String> mask)
    implements GradientTransformation<ScaleByScheduleState>, AddDecayedWeightsWithers {

  /**
   * Returns weight decay on all leaves.
   *
   * @param weightDecay the factor of the parameters
   * @return the transformation
   */
  public static AddDecayedWeights of(Schedule weightDecay) {
    return new AddDecayedWeights(weightDecay, null);
  }

  @Override
  public ScaleByScheduleState initialState(Tree params) {
    return new ScaleByScheduleState(Scalar.of(0));
  }

  @Override
  public Step<ScaleByScheduleState> step(
      Tree updates, ScaleByScheduleState state, Tree params, Extras extras) {
    return Step.of(decayed(updates, state.count(), params), state.next());
  }

  private Tree decayed(Tree updates, Scalar count, Tree params) {
    if (weightDecay instanceof ConstantSchedule constant && constant.value() == 0) {
      return updates;
    }
    Tree decayed = updates.plus(params.times(weightDecay.at(count)));
    return mask == null ? decayed : decayed.where(mask, updates);
  }
}
