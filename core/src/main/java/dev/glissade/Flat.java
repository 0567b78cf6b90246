package dev.glissade;

import dev.glissade.fuse.memory.Plane;
import dev.glissade.records.Check;
import dev.glissade.records.Ordered;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Converts trees to single vectors and back. */
final class Flat {
  private Flat() {}

  static Tensor flatten(Tree tree, List<String> order) {
    Check.that(
        order.size() == tree.structure().leaves()
            && new TreeSet<>(order).equals(new TreeSet<>(tree.paths())),
        "order must have each of " + tree.paths() + " once",
        order);
    DType dtype = order.isEmpty() ? DType.FLOAT32 : tree.structure().leaf(order.get(0)).dtype();
    Plane vector = Plane.allocate(dtype.element(), Structure.size(new int[] {length(tree)}));
    int from = 0;
    for (String path : order) {
      Tensor tensor = tree.get(path);
      Check.that(!dtype.isComplex(), "a flat tree must have real leaves", dtype);
      if (tensor.dtype() != dtype) {
        throw new IllegalArgumentException(
            "a flat tree must have leaves of one type, but \"%s\" is %s and \"%s\" is %s"
                .formatted(order.get(0), dtype, path, tensor.dtype()));
      }
      Plane plane = tensor.planes()[0];
      plane.copyTo(Plane.slice(dtype.element(), vector.array(), from, plane.length()));
      from += plane.length();
    }
    return new Tensor(dtype, new int[] {from}, vector, null);
  }

  /** Returns a copy of all leaves as one vector of a type. */
  static Tensor joined(Tree leaves, DType dtype) {
    Plane vector = Plane.allocate(dtype.element(), length(leaves));
    int from = 0;
    for (Plane plane : leaves.as(dtype).evaluate().node().planes()) {
      plane.copyTo(Plane.slice(dtype.element(), vector.array(), from, plane.length()));
      from += plane.length();
    }
    return new Tensor(dtype, new int[] {from}, vector, null);
  }

  /** Returns the leaves, in their types and shapes, of a vector that a function computed. */
  static Tree separated(Tensor vector, Structure parts) {
    Tree same = unflatten(vector, parts.withDtype(vector.dtype()));
    return same.as(parts);
  }

  private static int length(Tree tree) {
    Check.that(
        tree.size() <= Integer.MAX_VALUE,
        "a flat tree must have at most 2^31 - 1 elements",
        tree.size());
    return (int) tree.size();
  }

  static Tree unflatten(Tensor vector, Structure structure) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    for (String path : structure.paths()) {
      Structure.Leaf leaf = structure.leaf(path);
      Check.that(
          leaf.dtype() == vector.dtype(),
          "leaf \"%s\" of the structure must have the vector's type %s"
              .formatted(path, vector.dtype()),
          leaf.dtype());
      shapes.put(path, leaf.lengths());
    }
    return unflatten(vector, shapes);
  }

  static Tree unflatten(Tensor vector, Map<String, int[]> shapes) {
    Check.that(
        Ordered.hasOrder(shapes),
        "shapes must have an order, as a LinkedHashMap has",
        shapes.keySet());
    Check.that(!vector.dtype().isComplex(), "a flat vector must be real", vector.dtype());
    long all = shapes.values().stream().mapToLong(Structure::size).sum();
    Check.that(
        all == vector.size(),
        "the vector must have " + all + " elements, as the leaves",
        vector.size());
    Map<String, Tensor> leaves = new LinkedHashMap<>();
    Plane whole = vector.planes()[0];
    int from = 0;
    for (Map.Entry<String, int[]> leaf : shapes.entrySet()) {
      int[] shape = leaf.getValue();
      int length = Structure.size(shape);
      leaves.put(leaf.getKey(), new Tensor(vector.dtype(), shape, whole.part(from, length), null));
      from += length;
    }
    return Tree.of(leaves);
  }
}
