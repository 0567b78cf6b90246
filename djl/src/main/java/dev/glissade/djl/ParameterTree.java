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

/** Parameters as a tree on their own memory, or on a copy where that can't be. */
final class ParameterTree {
  private static final Logger LOG = LoggerFactory.getLogger(ParameterTree.class);

  private final List<Leaf> leaves;
  private final Tree tree;

  /**
   * One parameter.
   *
   * @param memory its own, or a copy
   */
  private record Leaf(String path, NDArray array, ByteBuffer memory, boolean aliased) {}

  private ParameterTree(List<Leaf> leaves, Tree tree) {
    this.leaves = leaves;
    this.tree = tree;
  }

  static ParameterTree of(List<Trainable> parameters) {
    List<Leaf> leaves = new ArrayList<>();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Trainable parameter : parameters) {
      Leaf leaf = leaf(parameter);
      leaves.add(leaf);
      tensors.put(
          leaf.path(), Tensor.wrap(parameter.dtype(), leaf.memory(), parameter.shape()));
    }
    List<String> copied =
        leaves.stream().filter(leaf -> !leaf.aliased()).map(Leaf::path).toList();
    if (!copied.isEmpty()) {
      LOG.warn(
          "{} of {} parameters are not in contiguous memory of the CPU and are copied at each"
              + " step: {}",
          copied.size(),
          leaves.size(),
          copied);
    }
    return new ParameterTree(leaves, Tree.of(tensors));
  }

  private static Leaf leaf(Trainable parameter) {
    NDArray array = parameter.array();
    if (!array.getDevice().isGpu() && NativeArrays.isAliased(array)) {
      return new Leaf(parameter.path(), array, NativeArrays.memory(array), true);
    }
    long bytes = array.size() * array.getDataType().getNumOfBytes();
    ByteBuffer copy = ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.nativeOrder());
    return new Leaf(parameter.path(), array, copy, false);
  }

  Tree tree() {
    return tree;
  }

  /** Whether this is still a tree of these parameters: the same arrays in the same memory. */
  boolean isOf(List<Trainable> parameters) {
    if (parameters.size() != leaves.size()) {
      return false;
    }
    for (int i = 0; i < leaves.size(); i++) {
      Leaf leaf = leaves.get(i);
      Trainable parameter = parameters.get(i);
      if (leaf.array() != parameter.array()
          || !leaf.path().equals(parameter.path())
          || (leaf.aliased()
              && !NativeArrays.same(leaf.memory(), NativeArrays.memory(leaf.array())))) {
        return false;
      }
    }
    return true;
  }

  /** Brings copies up to date with the parameters. */
  void load() {
    for (Leaf leaf : leaves) {
      if (!leaf.aliased()) {
        NativeArrays.read(leaf.array(), leaf.memory());
      }
    }
  }

  /** Brings the parameters up to date with copies. */
  void store() {
    for (Leaf leaf : leaves) {
      if (!leaf.aliased()) {
        NativeArrays.write(leaf.memory(), leaf.array());
      }
    }
  }
}
