package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.withers.Withers;
import java.util.Map;

/**
 * Keeps one number of the updates that pass it, and returns them unchanged: {@code
 * chain(snapshot("before", Tree::norm), clipByGlobalNorm(1), adam)} and {@code
 * stepper.scalar("before")}. {@link Monitor} keeps several.
 *
 * <p>Differs from Optax in that the number is NaN before the first step, where Optax's is the
 * measure of the parameters.
 *
 * @param measureName the number's name in the state
 * @param measure what to measure
 */
@Withers
public record Snapshot(String measureName, Measure measure)
    implements GradientTransformation<Snapshot.SnapshotState>, SnapshotWithers {

  /**
   * The state of {@link Snapshot}.
   *
   * @param measurement the number of the last step, under its name
   */
  public record SnapshotState(Map<String, Scalar> measurement) {}

  @Override
  public SnapshotState initialState(Tree params) {
    return new SnapshotState(Map.of(measureName, Scalar.of(Double.NaN)));
  }

  @Override
  public Step<SnapshotState> step(Tree updates, SnapshotState state, Tree params, Extras extras) {
    return Step.of(updates, new SnapshotState(Map.of(measureName, measure.of(updates))));
  }
}
