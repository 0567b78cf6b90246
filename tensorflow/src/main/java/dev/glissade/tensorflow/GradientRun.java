package dev.glissade.tensorflow;

import dev.glissade.Tree;
import dev.glissade.host.HostGradients;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Tensor;

/**
 * The loss and the gradients of one run. The gradients are on TensorFlow's memory until this is
 * closed. Nothing overwrites them: TensorFlow computes new ones in each run, and the memory may be
 * that of a constant.
 *
 * @param loss the loss
 * @param tree the gradients
 * @param memory what to close; null if the gradients are on memory of their own
 */
record GradientRun(double loss, Tree tree, @Nullable Fetched memory)
    implements HostGradients, AutoCloseable {

  /** Wraps the first tensors of a run; those on the memory of a variable are copied. */
  static GradientRun of(double loss, List<String> names, Fetched fetched, AddressRanges variables) {
    Map<String, dev.glissade.Tensor> gradients = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      String what = "the gradient of variable \"%s\"".formatted(name);
      Tensor tensor = fetched.get(i);
      dev.glissade.Tensor gradient = TensorMemory.wrap(what, tensor);
      boolean overlaps = variables.overlap(tensor);
      gradients.put(name, overlaps ? Tree.of(name, gradient).copy().get(name) : gradient);
    }
    return new GradientRun(loss, Tree.of(gradients), fetched);
  }

  /** Returns the sums of two runs on memory of their own; closes the other one. */
  GradientRun plus(GradientRun other) {
    try (other) {
      return new GradientRun(loss + other.loss, tree.plus(other.tree).evaluate(), null);
    }
  }

  @Override
  public void clear() {}

  @Override
  public void restore(Tree numbers) {}

  @Override
  public void close() {
    if (memory != null) {
      memory.close();
    }
  }
}
