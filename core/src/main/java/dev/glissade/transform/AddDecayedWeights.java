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
 * Adds {@code weightDecay x} to the updates.
 *
 * @param weightDecay the factor of the parameters
 * @param mask the paths of the leaves that decay; null for all
 */
@Withers
public record AddDecayedWeights(Schedule weightDecay, @Nullable Predicate<String> mask)
    implements GradientTransformation<ScaleByScheduleState>, AddDecayedWeightsWithers {

  /** Returns the decay of all leaves. */
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
