package dev.glissade;

import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.memory.Plane;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

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

  /** A tree of two tensors; {@link #builder} makes trees of more. */
  public static Tree of(String path1, Tensor tensor1, String path2, Tensor tensor2) {
    return of(Map.of(path1, tensor1, path2, tensor2));
  }

  /** Returns a tree of float32 vectors with a copy of each array. */
  public static Tree ofFloats(Map<String, float[]> arrays) {
    TreeBuilder builder = builder();
    arrays.forEach(builder::add);
    return builder.build();
  }

  /** Returns a tree of float64 vectors with a copy of each array. */
  public static Tree ofDoubles(Map<String, double[]> arrays) {
    TreeBuilder builder = builder();
    arrays.forEach(builder::add);
    return builder.build();
  }

  /**
   * Returns a tree of float32 vectors on the caller's arrays, without a copy, as {@link
   * Tensor#wrap(float[])}.
   */
  public static Tree wrapFloats(Map<String, float[]> arrays) {
    TreeBuilder builder = builder();
    arrays.forEach((path, array) -> builder.add(path, Tensor.wrap(array)));
    return builder.build();
  }

  /**
   * Returns a tree of float64 vectors on the caller's arrays, without a copy, as {@link
   * Tensor#wrap(double[])}.
   */
  public static Tree wrapDoubles(Map<String, double[]> arrays) {
    TreeBuilder builder = builder();
    arrays.forEach((path, array) -> builder.add(path, Tensor.wrap(array)));
    return builder.build();
  }

  /**
   * Returns a tree of nested maps, whose keys are joined by '/': {@code {"dense": {"kernel": w}}}
   * has the leaf "dense/kernel". Values are tensors, trees, numbers (float32 scalars, float64 those
   * of type Double), arrays of float or double with one or two dimensions, which are copied, and
   * maps of such.
   *
   * @throws IllegalArgumentException if a value is none of these, naming it
   */
  public static Tree ofNested(Map<String, ?> values) {
    return builder().addAll("", values).build();
  }

  /** Returns a builder of a tree, for leaves one by one. */
  public static TreeBuilder builder() {
    return new TreeBuilder();
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
      throw new IllegalStateException(
          "this tree is not evaluated yet: call evaluate(); inside of a step, where it has no"
              + " numbers yet, use its arithmetic or callback");
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

  /**
   * Returns whether the other tree has the same paths and, leaf by leaf, {@linkplain
   * Tensor#sameBits the same bits}; both must be evaluated.
   */
  public boolean sameBits(Tree other) {
    return structure.equals(other.structure)
        && paths().stream().allMatch(path -> get(path).sameBits(other.get(path)));
  }

  /** Calls the action with each path and its tensor, in order; the tree must be evaluated. */
  public void forEach(BiConsumer<String, Tensor> action) {
    paths().forEach(path -> action.accept(path, get(path)));
  }

  /** Returns the paths and tensors as a stream, in order; the tree must be evaluated. */
  public Stream<Map.Entry<String, Tensor>> stream() {
    return paths().stream().map(path -> Map.entry(path, get(path)));
  }

  /**
   * Returns a copy of each leaf's numbers, rounded to float, by path; the tree must be evaluated.
   */
  public Map<String, float[]> toFloats() {
    Map<String, float[]> arrays = new LinkedHashMap<>();
    forEach((path, tensor) -> arrays.put(path, tensor.toFloats()));
    return arrays;
  }

  /** Returns a copy of each leaf's numbers as doubles, by path; the tree must be evaluated. */
  public Map<String, double[]> toDoubles() {
    Map<String, double[]> arrays = new LinkedHashMap<>();
    forEach((path, tensor) -> arrays.put(path, tensor.toDoubles()));
    return arrays;
  }

  /**
   * Returns all leaves as one vector, in the order of the paths: a copy. The reverse of {@link
   * #unflatten(Tensor, Structure)}.
   *
   * @throws IllegalArgumentException if the leaves are not real or not of one type
   */
  public Tensor flatten() {
    return flatten(paths());
  }

  /**
   * Returns all leaves as one vector, in the order given: a copy. The reverse of {@link
   * #unflatten(Tensor, Map)}.
   *
   * @param order every path once
   * @throws IllegalArgumentException if the order lacks a path or has one twice, or the leaves are
   *     not real or not of one type
   */
  public Tensor flatten(Collection<String> order) {
    return Flat.flatten(evaluate(), List.copyOf(order));
  }

  /**
   * Returns a tree whose leaves are parts of a vector, one after another in the order of the
   * structure's paths. They share the vector's array: for {@code Tensor.wrap(theta)} a stepper that
   * {@linkplain Stepper#borrowing borrows} the tree changes {@code theta}.
   *
   * @param structure the leaves' paths and shapes, in the vector's type
   * @throws IllegalArgumentException if the vector has another type or number of elements
   */
  public static Tree unflatten(Tensor vector, Structure structure) {
    return Flat.unflatten(vector, structure);
  }

  /**
   * Returns a tree whose leaves are parts of a vector, one after another in the order of the map.
   * They share the vector's array, as in {@link #unflatten(Tensor, Structure)}.
   *
   * @param shapes by path, in the vector's order: a {@code LinkedHashMap}, since a {@code Map.of}
   *     of several entries has no order and is refused
   * @throws IllegalArgumentException if the vector has another number of elements
   */
  public static Tree unflatten(Tensor vector, Map<String, int[]> shapes) {
    return Flat.unflatten(vector, shapes);
  }

  /**
   * Returns this tree with its numbers computed and owned; itself if it is so already.
   *
   * @throws IllegalStateException inside of a step, where nothing has a value yet
   */
  public Tree evaluate() {
    Driver.requireOutsideOfStep("a tree");
    return Evaluation.of(this);
  }

  /** A copy of the numbers in arrays of its own. */
  public Tree copy() {
    return TreeForms.copy(evaluate());
  }

  /**
   * A copy whose leaves of up to 32,768 elements lie one after another in common arrays, for the
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
    structure.requireSame("the tree", other, "the structure");
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
  public Tree callback(UnaryOperator<Tree> function, Structure result) {
    return TreeForms.callback(this, function, result);
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
    a.structure.requireSame("the first choice", b.structure, "the second");
    Structure common = a.structure.equals(b.structure) ? a.structure : a.structure.computed();
    return a.deferred(common, Node.choose(condition.node(), a.node, b.node, common.layout()));
  }

  /** The tensors if evaluated, else the structure. */
  @Override
  public String toString() {
    return concrete ? toMap().toString() : "deferred " + structure;
  }
}
