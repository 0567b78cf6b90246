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
 * An optimizer of some leaves; those whose path the mask accepts stay as they are. The optimizer
 * sees, and keeps state for, its leaves alone, so that frozen ones count in no norm either.
 *
 * @param optimizer the optimizer of the leaves that are not frozen
 * @param freezeMask the paths of the leaves that stay as they are
 */
@Withers
public record SelectiveTransform(GradientTransformation<?> optimizer, Predicate<String> freezeMask)
    implements Composite<PartitionState>, SelectiveTransformWithers {
  private static final String TRAIN = "train";
  private static final String FREEZE = "freeze";

  public SelectiveTransform {
    Objects.requireNonNull(freezeMask, "freezeMask");
    parts(optimizer, freezeMask);
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
