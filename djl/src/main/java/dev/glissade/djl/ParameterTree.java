package dev.glissade.djl;

import ai.djl.ndarray.NDArray;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Parameters as a tree on their own memory, or on a copy where that is not possible. */
final class ParameterTree {
  private static final Logger LOG = LoggerFactory.getLogger(ParameterTree.class);

  private final List<Leaf> leaves;
  private final Tree tree;

  /**
   * One parameter.
   *
   * @param memory its own memory, or a copy
   * @param aliased whether the memory is its own
   */
  private record Leaf(Trainable parameter, ByteBuffer memory, boolean aliased) {
    NDArray array() {
      return parameter.array();
    }

    @SuppressWarnings("ReferenceEquality") // arrays of equal numbers are not the same memory
    boolean isOf(Trainable other) {
      return array() == other.array()
          && parameter.path().equals(other.path())
          && (!aliased || NativeArrays.isSame(memory, NativeArrays.memory(array())));
    }
  }

  private ParameterTree(List<Leaf> leaves, Tree tree) {
    this.leaves = leaves;
    this.tree = tree;
  }

  /** Returns a tree of the parameters with their current numbers. */
  static ParameterTree of(List<Trainable> parameters) {
    List<Leaf> leaves = new ArrayList<>();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Trainable parameter : parameters) {
      Leaf leaf = leaf(parameter);
      leaves.add(leaf);
      tensors.put(
          parameter.path(), Tensor.wrap(parameter.dtype(), leaf.memory(), parameter.shape()));
    }
    ParameterTree made = new ParameterTree(leaves, Tree.of(tensors));
    made.load();
    return made;
  }

  private static Leaf leaf(Trainable parameter) {
    int bytes = parameter.bytes();
    NDArray array = parameter.array();
    if (NativeArrays.isAliased(array)) {
      return new Leaf(parameter, NativeArrays.memory(array), true);
    }
    ByteBuffer copy = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    return new Leaf(parameter, copy, false);
  }

  /** Logs which parameters are copied at each step, if any. */
  void logCopied() {
    List<String> copied =
        leaves.stream().filter(leaf -> !leaf.aliased()).map(l -> l.parameter().path()).toList();
    if (!copied.isEmpty()) {
      LOG.warn(
          "{} of {} parameters are copied at each step, because they are not in contiguous CPU"
              + " memory: {}",
          copied.size(),
          leaves.size(),
          copied);
    }
  }

  Tree tree() {
    return tree;
  }

  /** Returns whether this is still a tree of these parameters: the same arrays and memory. */
  boolean isOf(List<Trainable> parameters) {
    if (parameters.size() != leaves.size()) {
      return false;
    }
    for (int i = 0; i < leaves.size(); i++) {
      if (!leaves.get(i).isOf(parameters.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether no parameter has been closed. */
  boolean isOpen() {
    return leaves.stream().noneMatch(leaf -> leaf.array().isReleased());
  }

  /** Updates the copies from the parameters. */
  void load() {
    for (Leaf leaf : leaves) {
      if (!leaf.aliased()) {
        NativeArrays.read(leaf.array(), leaf.memory());
      }
    }
  }

  /** Updates the parameters from the copies, and the mirrors from the parameters. */
  void store() {
    for (Leaf leaf : leaves) {
      if (!leaf.aliased()) {
        NativeArrays.write(leaf.memory(), leaf.array());
      }
      leaf.parameter().mirrors().forEach(mirror -> NativeArrays.assign(mirror, leaf.array()));
    }
  }

  /**
   * Sets the parameters that are still open to these numbers, wherever their memory is now.
   *
   * @param values a tree of the structure of {@link #tree}
   */
  void restore(Tree values) {
    List<Trainable> open =
        leaves.stream().map(Leaf::parameter).filter(p -> !p.array().isReleased()).toList();
    ParameterTree now = of(open);
    now.assign(values.select(now.tree.structure()::hasPath));
  }

  /** Sets the parameters to these numbers. */
  void assign(Tree values) {
    values.copyTo(tree);
    store();
  }
}
