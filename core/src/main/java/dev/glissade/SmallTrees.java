package dev.glissade;

import dev.glissade.Structure.Leaf;
import dev.glissade.fuse.graph.AxisMap;
import dev.glissade.fuse.graph.AxisReduction;
import dev.glissade.fuse.graph.AxisReduction.Fold;
import dev.glissade.fuse.graph.LeafReduction;
import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.graph.Reduction;
import dev.glissade.fuse.graph.Spread;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Reduces trees to smaller ones, a number for each leaf or a leaf without some axes, and repeats
 * those to the shapes of the larger ones.
 */
final class SmallTrees {
  private static final List<Integer> NO_AXES = List.of();

  private SmallTrees() {}

  /** Returns a number for each leaf, in float64. */
  static Tree byLeaf(Reduction kind, boolean mean, Tree... trees) {
    Structure numbers = trees[0].structure().map(leaf -> new Leaf(DType.FLOAT64, NO_AXES));
    return byLeaf(kind, mean, numbers, trees);
  }

  private static Tree byLeaf(Reduction kind, boolean mean, Structure numbers, Tree... trees) {
    Structure structure = trees[0].structure();
    int[] target = new int[structure.layout().planes()];
    for (int leaf = 0; leaf < structure.leaves(); leaf++) {
      Arrays.fill(
          target,
          structure.firstPlane(leaf),
          structure.firstPlane(leaf) + structure.planes(leaf),
          leaf);
    }
    Node[] nodes = Stream.of(trees).map(Tree::node).toArray(Node[]::new);
    LeafReduction reduction = new LeafReduction(kind, mean, target);
    return new Tree(numbers, Node.reduceLeaves(reduction, numbers.layout(), nodes));
  }

  /** Returns the tree reduced over axes, which get the length 1. */
  static Tree overAxes(Fold fold, Tree tree, Axes axes) {
    Structure computed = tree.structure().computed();
    if (computed.isJoined()) {
      return overJoined(fold, tree, axes);
    }
    Map<String, AxisMap> maps = new LinkedHashMap<>();
    Map<String, Leaf> leaves = new LinkedHashMap<>();
    for (String path : computed.paths()) {
      Leaf leaf = computed.leaf(path);
      boolean[] dropped = dropped(path, leaf, axes);
      maps.put(path, AxisMap.of(leaf.lengths(), dropped));
      leaves.put(path, new Leaf(leaf.dtype(), reducedShape(leaf, dropped)));
    }
    Structure form = Structure.of(leaves);
    Set<String> same = new LinkedHashSet<>();
    Set<String> numbers = new LinkedHashSet<>();
    maps.forEach((path, map) -> {
      if (map.isIdentity()) {
        same.add(path);
      } else if (map.isNumber() && fold != Fold.MAX) {
        numbers.add(path);
      }
    });
    Tree kept = TreeForms.reshaped(select(tree, same), form);
    Tree reduced = numbers.isEmpty() ? kept : kept.merge(sums(fold, select(tree, numbers), form));
    Tree rest = select(tree, path -> !same.contains(path) && !numbers.contains(path));
    return rest.paths().isEmpty() ? reduced : reduced.merge(folded(fold, rest, maps, form));
  }

  /** Reduces a vector of joined leaves over its only axis, or over none. */
  private static Tree overJoined(Fold fold, Tree vector, Axes axes) {
    String path = vector.paths().get(0);
    Leaf leaf = vector.structure().computed().leaf(path);
    if (!dropped(path, leaf, axes)[0]) {
      return vector;
    }
    Structure number = Structure.of(Map.of(path, new Leaf(leaf.dtype(), List.of(1))));
    if (fold != Fold.MAX) {
      return byLeaf(Reduction.SUM, fold == Fold.MEAN, number, vector);
    }
    Tree ofParts = overAxes(fold, vector.separated(), Axes.all());
    return ofParts.callback(parts -> largest(parts, number), number);
  }

  private static Tree largest(Tree parts, Structure number) {
    double largest = Double.NEGATIVE_INFINITY;
    for (Tensor part : parts.toMap().values()) {
      largest = Math.max(largest, part.get(0));
    }
    return Tree.unflatten(Tensor.of(number.leaf(0).dtype(), new double[] {largest}, 1), number);
  }

  private static Tree select(Tree tree, Set<String> paths) {
    return select(tree, paths::contains);
  }

  private static Tree select(Tree tree, Predicate<String> mask) {
    return tree.paths().stream().allMatch(mask) ? tree : tree.select(mask);
  }

  private static Structure part(Structure form, Tree tree) {
    Map<String, Leaf> leaves = form.toMap();
    leaves.keySet().retainAll(tree.paths());
    return Structure.of(leaves);
  }

  private static Tree sums(Fold fold, Tree tree, Structure form) {
    return byLeaf(Reduction.SUM, fold == Fold.MEAN, part(form, tree), tree);
  }

  private static Tree folded(Fold fold, Tree tree, Map<String, AxisMap> maps, Structure form) {
    Structure result = part(form, tree);
    List<AxisMap> ofPlanes = tree.paths().stream().map(maps::get).toList();
    AxisReduction reduction = new AxisReduction(fold, ofPlanes);
    return new Tree(result, Node.reduceAxes(reduction, result.layout(), tree.node()));
  }

  private static boolean[] dropped(String path, Leaf leaf, Axes axes) {
    int rank = leaf.shape().size();
    boolean[] dropped = new boolean[rank];
    for (int axis : axes.of(leaf)) {
      if (axis < 0 || axis >= rank) {
        throw new IllegalArgumentException(
            "axes of leaf \"%s\" must be from 0 to %d, but had %d".formatted(path, rank - 1, axis));
      }
      dropped[axis] = true;
    }
    return dropped;
  }

  private static List<Integer> reducedShape(Leaf leaf, boolean[] dropped) {
    List<Integer> shape = new ArrayList<>(leaf.shape());
    for (int axis = 0; axis < dropped.length; axis++) {
      shape.set(axis, dropped[axis] ? 1 : shape.get(axis));
    }
    return shape;
  }

  /** Returns the tree with its leaves repeated to the shapes of another. */
  static Tree broadcast(Tree small, Structure like) {
    Structure form = like.computed();
    requireSamePaths(small.structure(), form);
    if (form.isJoined()) {
      return broadcastJoined(small, form);
    }
    Map<String, AxisMap> maps = new LinkedHashMap<>();
    for (String path : form.paths()) {
      maps.put(path, map(path, small.structure().leaf(path), form.leaf(path)));
    }
    Set<String> same = new LinkedHashSet<>();
    maps.forEach((path, map) -> {
      DType dtype = small.structure().leaf(path).dtype().computed();
      if (map.isIdentity() && dtype == form.leaf(path).dtype()) {
        same.add(path);
      }
    });
    Tree kept = TreeForms.reshaped(select(small, same), form);
    Tree rest = select(small, path -> !same.contains(path));
    return rest.paths().isEmpty() ? kept : kept.merge(spread(rest, maps, form));
  }

  /** Repeats a number to a vector of joined leaves. */
  private static Tree broadcastJoined(Tree small, Structure form) {
    if (small.structure().isJoined()) {
      return small.as(form);
    }
    map(form.paths().get(0), small.structure().leaf(0), form.leaf(0));
    Structure parts = form.separated();
    return broadcast(TreeForms.repeated(small, parts), parts).joined();
  }

  private static Tree spread(Tree small, Map<String, AxisMap> maps, Structure form) {
    Structure result = part(form, small);
    Spread spread = new Spread(small.paths().stream().map(maps::get).toList());
    return new Tree(result, Node.spread(spread, result.layout(), small.node()));
  }

  private static void requireSamePaths(Structure small, Structure like) {
    if (!small.paths().equals(like.paths())) {
      throw new IllegalArgumentException(
          "the tree to broadcast must have the paths of the other, %s, but had %s"
              .formatted(like.paths(), small.paths()));
    }
  }

  private static AxisMap map(String path, Leaf small, Leaf large) {
    int rank = large.shape().size();
    boolean[] dropped = new boolean[rank];
    Arrays.fill(dropped, small.shape().isEmpty());
    boolean fits = small.shape().isEmpty() || small.shape().size() == rank;
    for (int axis = 0; fits && !small.shape().isEmpty() && axis < rank; axis++) {
      dropped[axis] = small.shape().get(axis) == 1;
      fits = dropped[axis] || small.shape().get(axis).equals(large.shape().get(axis));
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "leaf \"%s\" must have no axes, or those of %s with a length of 1 for some, but had %s"
              .formatted(path, large.shape(), small.shape()));
    }
    return AxisMap.of(large.lengths(), dropped);
  }

  /** Returns the number of elements of each leaf, in float64. */
  static Tree sizes(Structure structure) {
    Map<String, Tensor> sizes = new LinkedHashMap<>();
    for (String path : structure.paths()) {
      sizes.put(path, Tensor.scalar((double) structure.leaf(path).size()));
    }
    return Tree.of(sizes);
  }
}
