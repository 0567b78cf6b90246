package dev.glissade.arena.train;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.model.Model;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Computes the gradients of one minibatch after another, always in the same arrays; the returned
 * trees are views of them.
 */
final class Minibatch {
  private final Model model;
  private final Dataset data;
  private final boolean perExample;

  /** The number of sizes to keep arrays for; batches by Poisson sampling have many sizes. */
  private static final int KEPT = 4;

  /** Gradients by the number of examples, which is part of the shape of per-example gradients. */
  private final Map<Integer, Gradients> bySize =
      new LinkedHashMap<>(8, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Gradients> eldest) {
          return size() > KEPT;
        }
      };

  private int[] order = new int[0];
  private int from;
  private int to;

  private record Gradients(Map<String, float[]> arrays, Tree tree) {}

  Minibatch(Model model, Dataset data, boolean perExample) {
    this.model = model;
    this.data = data;
    this.perExample = perExample;
  }

  /** Selects examples order[from], ..., order[to - 1]. */
  void move(int[] order, int from, int to) {
    this.order = order;
    this.from = from;
    this.to = to;
  }

  /** Computes the gradients at the parameters; returns the mean loss, 0 without examples. */
  double compute(Map<String, float[]> params) {
    Map<String, float[]> arrays = current().arrays();
    if (from == to) {
      return 0;
    }
    return perExample
        ? model.perExampleGradients(params, data, order, from, to, arrays)
        : model.gradients(params, data, order, from, to, arrays);
  }

  /** Returns the gradients computed last. */
  Tree gradients() {
    return current().tree();
  }

  private Gradients current() {
    return bySize.computeIfAbsent(perExample ? to - from : 0, this::ofSize);
  }

  private Gradients ofSize(int size) {
    Map<String, float[]> arrays = perExample ? model.zeros(size) : model.zeros();
    return new Gradients(arrays, tree(model, arrays, perExample ? size : 0));
  }

  /**
   * Returns a tree on a model's arrays, without copies.
   *
   * @param examples the length of a leading axis, or 0 for none
   */
  static Tree tree(Model model, Map<String, float[]> arrays, int examples) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    model
        .shapes()
        .forEach((path, shape) -> {
          float[] array = Objects.requireNonNull(arrays.get(path));
          int[] whole = examples == 0 ? shape : withAxis(examples, shape);
          tensors.put(path, Tensor.wrap(array, whole));
        });
    return Tree.of(tensors);
  }

  private static int[] withAxis(int size, int[] shape) {
    int[] longer = new int[shape.length + 1];
    longer[0] = size;
    System.arraycopy(shape, 0, longer, 1, shape.length);
    return longer;
  }
}
