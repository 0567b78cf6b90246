package dev.glissade.tensorflow;

import dev.glissade.Tree;
import dev.glissade.host.HostGradients;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Tensor;

/**
 * The loss and the gradients of one run. The gradients are on TensorFlow's memory until this is
 * closed. Nothing overwrites them: TensorFlow computes new ones in each run, and the memory may be
 * that of a constant.
 *
 * @param loss the loss
 * @param tree the gradients
 * @param tensors what to close, the gradients first
 */
record GradientRun(double loss, Tree tree, List<Tensor> tensors)
    implements HostGradients, AutoCloseable {

  /** Wraps gradients; those on the memory of a variable are copied. */
  static GradientRun of(
      double loss, List<String> names, List<Tensor> tensors, AddressRanges variables) {
    Map<String, dev.glissade.Tensor> gradients = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      String what = "the gradient of variable \"%s\"".formatted(name);
      dev.glissade.Tensor gradient = TensorMemory.wrap(what, tensors.get(i));
      boolean overlaps = variables.overlap(tensors.get(i));
      gradients.put(name, overlaps ? Tree.of(name, gradient).copy().get(name) : gradient);
    }
    return new GradientRun(loss, Tree.of(gradients), tensors);
  }

  /** Returns the sums of two runs on memory of their own; closes the other one. */
  GradientRun plus(GradientRun other) {
    try (other) {
      return new GradientRun(loss + other.loss, tree.plus(other.tree).evaluate(), List.of());
    }
  }

  @Override
  public void clear() {}

  @Override
  public void restore(Tree numbers) {}

  @Override
  public void close() {
    tensors.forEach(Tensor::close);
  }
}
