package dev.glissade;

import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.memory.Layout;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks and sums per-example gradients, whose leaves have a batch axis before the parameter's
 * axes.
 */
final class Batches {
  private Batches() {}

  /**
   * Returns the batch size of per-example gradients, after checking each leaf; 0 if there is no
   * leaf.
   */
  static int size(Structure batch, Structure params) {
    int size = -1;
    for (String path : params.paths()) {
      if (!batch.hasPath(path)) {
        throw new IllegalArgumentException(
            "per-example gradients must have leaf \"%s\", as params have, but had %s"
                .formatted(path, Structure.listed(batch.paths())));
      }
      List<Integer> shape = batch.leaf(path).shape();
      List<Integer> needed = params.leaf(path).shape();
      if (shape.size() != needed.size() + 1 || !shape.subList(1, shape.size()).equals(needed)) {
        throw new IllegalArgumentException(
            "per-example gradients[\"%s\"] must have shape [batch%s], but had %s"
                .formatted(path, suffix(needed), shape));
      }
      if (size >= 0 && size != shape.get(0)) {
        throw new IllegalArgumentException(
            "per-example gradients[\"%s\"] must have a batch of %d, as the leaves before it, but had %d"
                .formatted(path, size, shape.get(0)));
      }
      requireType(path, batch.leaf(path).dtype(), params.leaf(path).dtype());
      size = shape.get(0);
    }
    for (String path : batch.paths()) {
      if (!params.hasPath(path)) {
        throw new IllegalArgumentException(
            "per-example gradients must have the leaves of params, %s, but had \"%s\""
                .formatted(Structure.listed(params.paths()), path));
      }
    }
    return Math.max(size, 0);
  }

  private static void requireType(String path, DType gradient, DType param) {
    if (gradient.computed() != param.computed()) {
      throw new IllegalArgumentException(
          "per-example gradients[\"%s\"] must be %s, as in params, but was %s"
              .formatted(path, param, gradient));
    }
  }

  private static String suffix(List<Integer> shape) {
    List<String> parts = new ArrayList<>();
    shape.forEach(length -> parts.add(", " + length));
    return String.join("", parts);
  }

  static Tree clippedSum(Tree gradients, double clip, Structure params) {
    int examples = size(gradients.structure(), params);
    Structure form = params.computed();
    Layout layout = form.layout();
    Node node =
        Node.callback(
            layout,
            List.of(gradients.node()),
            (inputs, kept) -> PerExampleSums.clippedSum(inputs[0], layout, examples, clip, kept));
    return new Tree(form, node);
  }
}
