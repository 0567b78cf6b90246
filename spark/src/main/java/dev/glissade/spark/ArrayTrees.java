package dev.glissade.spark;

import dev.glissade.DType;
import dev.glissade.Structure;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Trees whose leaves are arrays that may be overwritten. */
final class ArrayTrees {
  private ArrayTrees() {}

  /** Returns a tree of zeros on arrays of its own. */
  static Tree zeros(Structure structure) {
    Map<String, Tensor> leaves = new LinkedHashMap<>();
    for (String path : structure.paths()) {
      Structure.Leaf leaf = structure.leaf(path);
      int[] shape = leaf.shape().stream().mapToInt(length -> length).toArray();
      leaves.put(path, zeros(leaf.dtype(), shape));
    }
    return Tree.of(leaves);
  }

  private static Tensor zeros(DType dtype, int[] shape) {
    if (dtype.isComplex()) {
      return Tensor.complex(zeros(dtype.part(), shape), zeros(dtype.part(), shape));
    }
    int size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    return switch (dtype) {
      case FLOAT32 -> Tensor.wrap(new float[size], shape);
      case FLOAT64 -> Tensor.wrap(new double[size], shape);
      default -> Tensor.wrap(dtype, new short[size], shape);
    };
  }

  /** Returns the arrays of a tree made by {@link #zeros}: one for each leaf, or two if complex. */
  static List<Object> arrays(Tree tree) {
    List<Object> arrays = new ArrayList<>();
    for (String path : tree.paths()) {
      Tensor tensor = tree.get(path);
      arrays.add(tensor.real().array());
      if (tensor.dtype().isComplex()) {
        arrays.add(tensor.imaginary().array());
      }
    }
    return arrays;
  }

  /** Returns the numbers of any evaluated tree in frames. */
  static Frames frames(Tree tree) {
    Tree copy = zeros(tree.structure());
    tree.copyTo(copy);
    return new Frames(arrays(copy));
  }
}
