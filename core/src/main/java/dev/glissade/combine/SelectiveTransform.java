package dev.glissade.combine;

import dev.glissade.GradientTransformation;
import dev.glissade.Tree;
import dev.glissade.combine.Partition.PartitionState;
import dev.glissade.withers.Withers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Freezes the leaves whose path the mask accepts (their updates are 0) and optimizes the others.
 *
 * <p>The optimizer sees, and keeps state for, its own leaves only, so frozen leaves cost no moments
 * and count in no norm. {@link Freeze} differs in both. As in Optax the mask names the frozen
 * leaves; here it is a predicate on leaf paths, not a tree of flags.
 *
 * @param optimizer the optimizer of the leaves that are not frozen
 * @param freezeMask accepts the paths of the leaves to freeze
 */
@Withers
public record SelectiveTransform(GradientTransformation<?> optimizer, Predicate<String> freezeMask)
    implements Composite<PartitionState>, SelectiveTransformWithers {
  private static final String TRAIN = "train";
  private static final String FREEZE = "freeze";

  /**
   * Checks the arguments.
   *
   * @param optimizer a transformation of mean gradients
   * @param freezeMask not null
   * @throws IllegalArgumentException if the optimizer takes per-example gradients
   * @throws NullPointerException if the mask is null
   */
  public SelectiveTransform {
    Objects.requireNonNull(freezeMask, "freezeMask");
    Wrapped.requireMeanGradients(
        "optimizer", optimizer, "aggregate them before selectiveTransform");
  }

  @Override
  public PartitionState initialState(Tree params) {
    PathMask.warnIfUnused(freezeMask, params);
    return composed().initialState(params);
  }

  @Override
  public GradientTransformation<PartitionState> composed() {
    return parts(optimizer, freezeMask);
  }

  private static Partition parts(GradientTransformation<?> optimizer, Predicate<String> frozen) {
    Map<String, GradientTransformation<?>> parts = new LinkedHashMap<>();
    parts.put(TRAIN, optimizer);
    parts.put(FREEZE, new SetToZero());
    return new Partition(parts, path -> frozen.test(path) ? FREEZE : TRAIN);
  }
}
