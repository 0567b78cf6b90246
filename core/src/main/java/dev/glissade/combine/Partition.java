package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Ordered;
import dev.glissade.withers.Withers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Another transformation for each part of the leaves. Each leaf belongs to the transformation whose
 * label its path is given.
 *
 * @param transforms by label
 * @param paramLabels the label of a path
 */
@Withers
public record Partition(
    Map<String, ? extends GradientTransformation<?>> transforms,
    Function<String, String> paramLabels)
    implements GradientTransformation<Partition.PartitionState>, PartitionWithers {

  /** The parts' states by label. */
  public record PartitionState(Map<String, Object> innerStates) {}

  public Partition {
    transforms = Ordered.copy(transforms);
    if (transforms.values().stream().anyMatch(GradientTransformation::perExample)) {
      throw new IllegalArgumentException(
          "per-example gradients must be aggregated before they are partitioned");
    }
  }

  @Override
  public PartitionState initialState(Tree params) {
    requireLabels(params);
    Map<String, Object> states = new LinkedHashMap<>();
    transforms.forEach(
        (label, part) -> states.put(label, Wrapped.initialState(part, params.select(has(label)))));
    return new PartitionState(states);
  }

  @Override
  public Step<PartitionState> step(Tree updates, PartitionState state, Tree params, Extras extras) {
    requireLabels(updates);
    Tree merged = Tree.empty();
    Map<String, Object> states = new LinkedHashMap<>();
    for (Map.Entry<String, ? extends GradientTransformation<?>> part : transforms.entrySet()) {
      String label = part.getKey();
      Predicate<String> leaves = has(label);
      Object old = state.innerStates().get(label);
      Step<Object> step =
          Wrapped.step(part.getValue(), updates.select(leaves), old, params.select(leaves), extras);
      merged = merged.merge(step.updates());
      states.put(label, step.state());
    }
    return Step.of(merged, new PartitionState(states));
  }

  private Predicate<String> has(String label) {
    return path -> label.equals(paramLabels.apply(path));
  }

  private void requireLabels(Tree tree) {
    for (String path : tree.paths()) {
      String label = paramLabels.apply(path);
      if (!transforms.containsKey(label)) {
        throw new IllegalArgumentException(
            "leaf \"%s\" has the label \"%s\" but there are %s"
                .formatted(path, label, transforms.keySet()));
      }
    }
  }
}
