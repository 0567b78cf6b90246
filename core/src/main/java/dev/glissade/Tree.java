package dev.glissade;

import dev.glissade.fuse.Node;
import dev.glissade.fuse.Plane;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A map from paths ("dense/kernel") to tensors, sorted by path, that remembers arithmetic: {@code
 * a.times(b).plus(c)} computes nothing, whole-tree reductions give a {@link Scalar} that is not
 * computed yet, and {@link #evaluate} runs all of it in as few passes over memory as possible.
 * Immutable.
 *
 * <p>Two operands must have the same paths, shapes and computed types ({@link DType#computed}).
 * Arithmetic on complex leaves is that of their two planes, and only where that is the arithmetic
 * of complex numbers; the rest is refused.
 */
public final class Tree extends TreeArithmetic {
  private static final Tree EMPTY = of(Map.of());

  private final Structure structure;
  private final Node node;
  private final boolean concrete;

  Tree(Structure structure, Node node, boolean concrete) {
    this.structure = structure;
    this.node = node;
    this.concrete = concrete;
  }

  /** A tree of these tensors. */
  public static Tree of(Map<String, Tensor> tensors) {
    TreeMap<String, Tensor> sorted = new TreeMap<>(tensors);
    Map<String, Structure.Leaf> leaves = new LinkedHashMap<>();
    sorted.forEach(
        (path, tensor) -> leaves.put(path, Structure.Leaf.of(tensor.dtype(), tensor.shape())));
    Plane[] planes =
        sorted.values().stream().flatMap(t -> List.of(t.planes()).stream()).toArray(Plane[]::new);
    return ofPlanes(Structure.of(leaves), planes);
  }

  /** A tree of one tensor. */
  public static Tree of(String path, Tensor tensor) {
    return of(Map.of(path, tensor));
  }

  /** A tree of two tensors. */
  public static Tree of(String path1, Tensor tensor1, String path2, Tensor tensor2) {
    return of(Map.of(path1, tensor1, path2, tensor2));
  }

  /** The tree without leaves. */
  public static Tree empty() {
    return EMPTY;
  }

  static Tree ofPlanes(Structure structure, Plane[] planes) {
    return new Tree(structure, Node.input(structure.layout(), planes), true);
  }

  Tree deferred(Structure other, Node node) {
    return new Tree(other, node, false);
  }

  /** The same tree, not to be looked into: what a transformation's step sees. */
  Tree lifted() {
    return new Tree(structure, node, false);
  }

  @Override
  Node node() {
    return node;
  }

  boolean isConcrete() {
    return concrete;
  }

  /** Whether the numbers are there: what a transformation is given in a step has none yet. */
  public boolean isEvaluated() {
    return concrete;
  }

  @Override
  public Structure structure() {
    return structure;
  }

  public List<String> paths() {
    return structure.paths();
  }

  /** The number of elements of all leaves. */
  public long size() {
    return structure.size();
  }

  /**
   * The tensor at a path, without a copy.
   *
   * @throws IllegalStateException if this tree is not evaluated
   */
  public Tensor get(String path) {
    if (!concrete) {
      throw new IllegalStateException("a deferred tree has no numbers before it is evaluated");
    }
    int i = structure.index(path);
    Structure.Leaf leaf = structure.leaf(i);
    Plane[] planes = node.planes();
    int first = structure.firstPlane(i);
    Plane imaginary = leaf.dtype().isComplex() ? planes[first + 1] : null;
    return new Tensor(leaf.dtype(), leaf.lengths(), planes[first], imaginary);
  }

  /** The tensors by path, without a copy; the tree must be evaluated. */
  public Map<String, Tensor> toMap() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    paths().forEach(path -> tensors.put(path, get(path)));
    return tensors;
  }

  /** This tree with its numbers computed and owned; itself if it is so already. */
  public Tree evaluate() {
    return Evaluation.of(this);
  }

  /** A copy of the numbers in arrays of its own. */
  public Tree copy() {
    return TreeForms.copy(evaluate());
  }

  /**
   * A copy whose leaves of up to 32,768 elements lie one behind another in common arrays, for the
   * caller to write to: {@link Tensor#array} of such a leaf is a buffer. A tree of many small
   * leaves is stepped about as fast as one large leaf if the parameters and the gradients are
   * packed, best always in the same gradients tree; the state is then packed, too. {@code
   * Tensor.wrap(FloatBuffer.wrap(array, from, length), shape)} does the same for arrays of the
   * caller's own, where parameters and gradients have each leaf at the same place.
   */
  public Tree packed() {
    return Packing.packed(evaluate());
  }

  /**
   * Overwrites the arrays of an evaluated tree with these numbers, each leaf in the type that it
   * has there: for arrays that the caller owns, as those of a framework's parameters.
   *
   * @throws IllegalArgumentException if the other's paths, shapes or computed types differ; nothing
   *     has changed then
   */
  public void copyTo(Tree other) {
    TreeForms.copy(this, other);
  }

  /** params + updates, each leaf in the type that it has here; evaluated. */
  public Tree applyUpdates(Tree updates) {
    structure.requireSame("params", updates.structure(), "updates");
    return plus(updates).as(structure).evaluate();
  }

  // Form

  /** The leaves whose path the predicate accepts. */
  public Tree select(Predicate<String> mask) {
    return TreeForms.select(this, mask);
  }

  /** The leaves of both; no path may be in both. */
  public Tree merge(Tree other) {
    return TreeForms.merge(this, other);
  }

  /** This on the leaves whose path the mask accepts, the other on the rest. */
  public Tree where(Predicate<String> mask, Tree other) {
    return TreeForms.where(this, mask, other);
  }

  /** Each leaf in the type that it has in the structure; numbers are rounded to nearest. */
  public Tree as(Structure other) {
    structure.requireSame("this", other, "that");
    return structure.equals(other) ? this : deferred(other, Node.round(other.layout(), node));
  }

  /** Each complex leaf "z" as two real ones, "z/real" and "z/imaginary". */
  public Tree splitComplex() {
    return TreeForms.splitComplex(this);
  }

  /** The reverse of {@link #splitComplex}, to the form of {@code like}. */
  public Tree mergeComplex(Structure like) {
    return TreeForms.mergeComplex(this, like);
  }

  /** Standard normal draws in this form, one key a leaf in the order of the paths. */
  public Tree normal(List<RandomKey> keys) {
    return TreeForms.normal(this, keys);
  }

  /**
   * The result of a function that works on numbers; it is called once, when this tree's numbers are
   * there. What it is given is borrowed for the call.
   */
  public Tree through(UnaryOperator<Tree> function, Structure result) {
    return TreeForms.through(this, function, result);
  }

  /**
   * The size of the batch axis that every leaf of these per-example gradients has in front.
   *
   * @throws IllegalArgumentException if a leaf's shape is not a batch of the parameters' shape
   */
  public int batchSize(Structure params) {
    return Batches.size(structure, params);
  }

  /**
   * The sum over the examples i of these per-example gradients of {@code g_i / max(||g_i|| / clip,
   * 1)}; an example whose norm is not finite adds nothing.
   */
  public Tree clippedSum(double clip, Structure params) {
    return Batches.clippedSum(this, clip, params);
  }

  /** For each leaf, another tensor. */
  public Tree mapLeaves(BiFunction<String, Tensor, Tensor> function) {
    Map<String, Tensor> mapped = new LinkedHashMap<>();
    toMap().forEach((path, tensor) -> mapped.put(path, function.apply(path, tensor)));
    return of(mapped);
  }

  static Tree choose(Scalar condition, Tree a, Tree b) {
    a.structure.requireSame("choices", b.structure, "the others");
    Structure common = a.structure.equals(b.structure) ? a.structure : a.structure.computed();
    return a.deferred(common, Node.choose(condition.node(), a.node, b.node, common.layout()));
  }

  /** The tensors if evaluated, else the structure. */
  @Override
  public String toString() {
    return concrete ? toMap().toString() : "deferred " + structure;
  }
}
