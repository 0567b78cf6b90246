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
 * Applies a different transformation to each group of leaves. A function labels each path, and each
 * leaf goes to the transformation of its label. Use it for layers with learning rates of their own.
 *
 * <p>Each transformation sees, and keeps state for, its own leaves only: a norm that it computes is
 * over these. A label that no leaf has is allowed. Differs from Optax in that labels come from a
 * function on leaf paths, not from a tree of labels, and that a label without transformation names
 * the leaf in the error.
 *
 * @param transforms the transformations by label
 * @param paramLabels the label of a leaf, from its path
 */
@Withers
public record Partition(
    Map<String, ? extends GradientTransformation<?>> transforms,
    Function<String, String> paramLabels)
    implements GradientTransformation<Partition.PartitionState>, PartitionWithers {

  /**
   * The state of {@link Partition}.
   *
   * @param innerStates the states by label
   */
  public record PartitionState(Map<String, Object> innerStates) {}

  /**
   * Copies the map and checks it.
   *
   * @param transforms transformations of mean gradients
   * @param paramLabels a pure function; {@code init} and each step throw {@link
   *     IllegalArgumentException} if it returns a label that transforms lacks
   * @throws IllegalArgumentException if a transformation takes per-example gradients
   */
  public Partition {
    transforms = Ordered.copy(transforms);
    transforms.forEach((label, part) ->
        Wrapped.requireMeanGradients(
            "transforms[\"" + label + "\"]", part, "aggregate them before the partition"));
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
          Wrapped.step(
              part.getValue(),
              updates.select(leaves),
              old,
              params.select(leaves),
              extras.select(leaves, params));
      merged = merged.merge(step.updates());
      states.put(label, step.state());
    }
    return Step.of(merged, new PartitionState(states));
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the same trees need no merge
  public Tree evalParams(PartitionState state, Tree params) {
    Tree merged = Tree.empty();
    boolean differs = false;
    for (Map.Entry<String, ? extends GradientTransformation<?>> part : transforms.entrySet()) {
      Tree own = params.select(has(part.getKey()));
      Tree at = Wrapped.evalParams(part.getValue(), state.innerStates().get(part.getKey()), own);
      merged = merged.merge(at);
      differs |= at != own;
    }
    return differs ? merged : params;
  }

  private Predicate<String> has(String label) {
    return path -> label.equals(paramLabels.apply(path));
  }

  private void requireLabels(Tree tree) {
    for (String path : tree.paths()) {
      String label = paramLabels.apply(path);
      if (!transforms.containsKey(label)) {
        if (label.isEmpty() && paramLabels instanceof PathLabels labels) {
          throw new IllegalArgumentException(
              "leaf \"%s\" must match one of the patterns %s, but matched none"
                  .formatted(path, labels.patterns().keySet()));
        }
        throw new IllegalArgumentException(
            "the label of leaf \"%s\" must be one of %s, but was \"%s\""
                .formatted(path, transforms.keySet(), label));
      }
    }
  }
}
