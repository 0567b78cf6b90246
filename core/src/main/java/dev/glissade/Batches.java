package dev.glissade;

import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.memory.Layout;
import java.util.ArrayList;
import java.util.List;

/** Per-example gradients: a batch axis in front of every leaf. */
final class Batches {
  private Batches() {}

  static int size(Structure batch, Structure params) {
    int size = -1;
    for (String path : params.paths()) {
      if (!batch.hasPath(path)) {
        throw new IllegalArgumentException(
            "gradients have no leaf \"%s\" but params have".formatted(path));
      }
      List<Integer> shape = batch.leaf(path).shape();
      List<Integer> needed = params.leaf(path).shape();
      if (shape.size() != needed.size() + 1 || !shape.subList(1, shape.size()).equals(needed)) {
        throw new IllegalArgumentException(
            "gradients[\"%s\"] has shape %s but per-example gradients of params %s have [batch%s]"
                .formatted(path, shape, needed, suffix(needed)));
      }
      if (size >= 0 && size != shape.get(0)) {
        throw new IllegalArgumentException(
            "gradients[\"%s\"] has a batch of %d but leaves before it have %d"
                .formatted(path, shape.get(0), size));
      }
      requireType(path, batch.leaf(path).dtype(), params.leaf(path).dtype());
      size = shape.get(0);
    }
    for (String path : batch.paths()) {
      if (!params.hasPath(path)) {
        throw new IllegalArgumentException(
            "gradients have a leaf \"%s\" that params have not".formatted(path));
      }
    }
    return Math.max(size, 0);
  }

  private static void requireType(String path, DType gradient, DType param) {
    if (gradient.computed() != param.computed()) {
      throw new IllegalArgumentException(
          "gradients[\"%s\"] is %s but params have %s".formatted(path, gradient, param));
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
