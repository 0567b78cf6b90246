package dev.glissade;

import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.graph.Op;
import dev.glissade.fuse.graph.Reduction;
import dev.glissade.fuse.graph.Rewrite;
import dev.glissade.fuse.graph.Target;
import dev.glissade.fuse.memory.Plane;
import dev.glissade.fuse.run.Execution;
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
import org.jspecify.annotations.Nullable;

/**
 * A map from paths ("dense/kernel") to tensors, sorted by path, that remembers arithmetic: {@code
 * a.times(b).plus(c)} computes nothing, whole-tree reductions give a {@link Scalar} that is not
 * computed yet, and {@link #evaluate} runs all of it in as few passes over memory as possible.
 * Immutable.
 *
 * <p>Two operands must have the same paths, shapes and computed types ({@link DType#computed}).
 * Arithmetic on complex leaves is that of their two planes, and only where that is the arithmetic
 * of complex numbers; the rest is refused.
 *
 * <p>float32 leaves are added up in float by ranges of 32,768 elements, those sums in double. A
 * range whose sum of squares or products overflows or vanishes in float is added up again in
 * double, if a step in place has not overwritten what it is made of in the same pass; a {@link
 * #norm} is never reduced in such a pass.
 */
public final class Tree extends Deferred {
  private static final Tree EMPTY = of(Map.of());

  private final Structure structure;

  /** A tree that is computed later. */
  Tree(Structure structure, Node node) {
    this(structure, node, false);
  }

  private Tree(Structure structure, Node node, boolean evaluated) {
    super(node, evaluated);
    this.structure = structure;
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

  @Override
  Object signature() {
    return structure;
  }

  @Override
  Tree on(Node other, boolean isEvaluated) {
    return new Tree(structure, other, isEvaluated);
  }

  @Override
  boolean isOwned() {
    return node().isInput() && Stream.of(node().planes()).noneMatch(Plane::borrowed);
  }

  @Override
  Node variable() {
    return Node.input(structure.layout(), node().planes());
  }

  @Override
  Target target(@Nullable Node over) {
    return over == null ? Target.fresh(node(), structure.layout()) : Target.over(over, node());
  }

  @Override
  void bind(Execution execution, Node to) {
    execution.bind(to, node().planes());
  }

  @Override
  Tree read(Execution execution, int target) {
    return ofPlanes(structure, execution.planes(target));
  }

  @Override
  Tree orElse(Scalar condition, Deferred other) {
    Tree b = (Tree) other;
    structure.requireSame("the first choice", b.structure, "the second");
    Structure common = structure.equals(b.structure) ? structure : structure.computed();
    return new Tree(common, Node.choose(condition.node(), node(), b.node(), common.layout()));
  }

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
    if (!isEvaluated()) {
      throw new IllegalStateException(
          "this tree is not evaluated yet: call evaluate(); inside of a step, where it has no"
              + " numbers yet, use its arithmetic or callback");
    }
    int i = structure.index(path);
    Structure.Leaf leaf = structure.leaf(i);
    Plane[] planes = node().planes();
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
    return evaluated(this);
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

  // Arithmetic, element by element

  /** this + other */
  public Tree plus(Tree other) {
    return linear(Op.ADD, other, "plus");
  }

  /** this + other, each element */
  public Tree plus(Scalar other) {
    return real("plus").with(Op.ADD, other);
  }

  /** this + other, each element */
  public Tree plus(double other) {
    return plus(Scalar.of(other));
  }

  /** this - other */
  public Tree minus(Tree other) {
    return linear(Op.SUB, other, "minus");
  }

  /** this - other, each element */
  public Tree minus(Scalar other) {
    return plus(other.negate());
  }

  /** this - other, each element */
  public Tree minus(double other) {
    return plus(-other);
  }

  /** this * other, element by element */
  public Tree times(Tree other) {
    return real("times").linear(Op.MUL, other, "times");
  }

  /** this * other, each element */
  public Tree times(Scalar other) {
    return with(Op.MUL, other);
  }

  /** this * other, each element */
  public Tree times(double other) {
    return times(Scalar.of(other));
  }

  /** this / other, element by element */
  public Tree dividedBy(Tree other) {
    return real("dividedBy").linear(Op.DIV, other, "dividedBy");
  }

  /**
   * this / other, each element, as a product with the reciprocal, which may differ from the nearest
   * number by one unit in the last place.
   */
  public Tree dividedBy(Scalar other) {
    return with(Op.MUL, other.reciprocalPower()).with(Op.MUL, other.reciprocalRest());
  }

  /** this / other, each element */
  public Tree dividedBy(double other) {
    return dividedBy(Scalar.of(other));
  }

  /** this / other, element by element; the name that Kotlin's {@code /} calls */
  public Tree div(Tree other) {
    return dividedBy(other);
  }

  /** this / other, each element; the name that Kotlin's {@code /} calls */
  public Tree div(Scalar other) {
    return dividedBy(other);
  }

  /** this / other, each element; the name that Kotlin's {@code /} calls */
  public Tree div(double other) {
    return dividedBy(other);
  }

  /** -this; the name that Kotlin's {@code -} calls */
  public Tree unaryMinus() {
    return negate();
  }

  /** The larger of the two, element by element; NaN if either is. */
  public Tree max(Tree other) {
    return real("max").linear(Op.MAX, other, "max");
  }

  /** The larger of the two, each element; NaN if either is. */
  public Tree max(Scalar other) {
    return real("max").with(Op.MAX, other);
  }

  /** The larger of the two, each element; NaN if either is. */
  public Tree max(double other) {
    return max(Scalar.of(other));
  }

  /** The smaller of the two, element by element; NaN if either is. */
  public Tree min(Tree other) {
    return real("min").linear(Op.MIN, other, "min");
  }

  /** The smaller of the two, each element; NaN if either is. */
  public Tree min(Scalar other) {
    return real("min").with(Op.MIN, other);
  }

  /** The smaller of the two, each element; NaN if either is. */
  public Tree min(double other) {
    return min(Scalar.of(other));
  }

  /** -this */
  public Tree negate() {
    return unary(Op.NEG);
  }

  /** |this| */
  public Tree abs() {
    return real("abs").unary(Op.ABS);
  }

  /** this * this */
  public Tree square() {
    return times(this);
  }

  public Tree sqrt() {
    return real("sqrt").unary(Op.SQRT);
  }

  /** -1, 0 or 1 */
  public Tree sign() {
    return real("sign").unary(Op.SIGN);
  }

  public Tree exp() {
    return real("exp").unary(Op.EXP);
  }

  public Tree log() {
    return real("log").unary(Op.LOG);
  }

  /** this, but 0 where this is NaN; of a complex element each part by itself. */
  public Tree nanToZero() {
    return unary(Op.NAN_TO_ZERO);
  }

  /**
   * This where it is small enough to be squared, below 2^61 in float32, in which 16-bit types are
   * computed, and 2^508 in float64. A larger number counts as some smaller one, of either sign, at
   * most 2^62 and 2^509; its square, and sums of some such squares, are finite. For gradients of
   * which a step takes the direction alone: used throughout, they let an element with a huge
   * gradient stay about where it is. What is not finite becomes NaN; of a complex element each part
   * by itself.
   */
  public Tree squarable() {
    return squarable(Scalar.of(1));
  }

  /** This so that its products with a positive factor are {@link #squarable()}. */
  public Tree squarable(Scalar factor) {
    return Bounds.squarable(this, factor);
  }

  /** This with the largest number of the type that it is computed in where it is +infinity. */
  public Tree cappedAtLargest() {
    return Bounds.capped(real("cappedAtLargest"));
  }

  /** A tree of this form, each element 0; 16-bit leaves become float32. */
  public Tree zeros() {
    return fill(0);
  }

  /** A tree of this form, each element the value; 16-bit leaves become float32. */
  public Tree fill(double value) {
    if (value != 0) {
      real("fill");
    }
    Structure computed = structure().computed();
    return new Tree(computed, Node.fill(computed.layout(), Scalar.of(value).node()));
  }

  // Reductions of the whole tree

  /** sum of this * other */
  public Scalar dot(Tree other) {
    real("dot").requireSame(other, "dot");
    return new Scalar(Rewrite.dot(node(), other.node()));
  }

  /**
   * The sum of this * other, of float32 leaves as floats give it: not added up again where products
   * overflow or vanish. For a sum over what the same pass of a step overwrites, so that it is the
   * same bits whether the step runs in place or not.
   */
  public Scalar plainDot(Tree other) {
    real("plainDot").requireSame(other, "plainDot");
    return new Scalar(Node.reduce(Reduction.PLAIN_DOT, node(), other.node()));
  }

  /**
   * The root of the sum of squares; of complex elements, of both parts. Squares neither overflow
   * nor vanish: for all finite elements, as many as there may be, the norm is right to 2^-13 of it,
   * and to 2^-40 of it if all leaves are float64 and have fewer than 100 million elements. It is
   * infinite only if the norm itself is beyond the largest double, and below the smallest normal
   * double, 2.2e-308, it is the nearest number that there is. NaN if an element is NaN. The same
   * bits, whether a step runs in place or not.
   */
  public Scalar norm() {
    return Norm.of(this).value();
  }

  /**
   * This over its {@link #norm}, also where the norm is beyond the largest double or below the
   * smallest normal one; 0 where the norm is 0.
   */
  public Tree normalized() {
    return Norm.of(this).normalized();
  }

  /**
   * This where its {@link #norm} is less than the given one, else this over its norm, times the
   * given norm.
   *
   * @param most finite, not negative
   */
  public Tree normAtMost(double most) {
    return Norm.of(this).atMost(most);
  }

  /**
   * The sum of squares; of complex elements, of both parts. Infinite where it is beyond the largest
   * double, and of float64 leaves without those squares that are too small for a double; {@link
   * #norm} has neither limit.
   */
  public Scalar normSquared() {
    return new Scalar(Node.reduce(Reduction.DOT, node(), node()));
  }

  /** The sum of absolute values. */
  public Scalar norm1() {
    return real("norm1").reduce(Reduction.SUM_ABS);
  }

  /** The sum of all elements. */
  public Scalar sum() {
    return real("sum").reduce(Reduction.SUM);
  }

  /** The largest absolute value; 0 of an empty tree. */
  public Scalar maxAbs() {
    return real("maxAbs").reduce(Reduction.MAX_ABS);
  }

  /** How many numbers are NaN or infinite. */
  public Scalar nonFinite() {
    return reduce(Reduction.NON_FINITE);
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
    return structure.equals(other) ? this : new Tree(other, Node.round(other.layout(), node()));
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

  Scalar reduce(Reduction reduction) {
    return new Scalar(Node.reduce(reduction, node()));
  }

  Tree linear(Op op, Tree other, String name) {
    requireSame(other, name);
    Structure computed = structure().computed();
    return new Tree(computed, Node.binary(op, node(), other.node(), computed.layout()));
  }

  Tree with(Op op, Scalar other) {
    Structure computed = structure().computed();
    return new Tree(computed, Node.binary(op, node(), other.node(), computed.layout()));
  }

  Tree unary(Op op) {
    Structure computed = structure().computed();
    return new Tree(computed, Node.unary(op, node(), computed.layout()));
  }

  void requireSame(Tree other, String operation) {
    structure().requireSame("the left side of " + operation, other.structure(), "the right side");
  }

  Tree real(String operation) {
    if (structure().hasComplex()) {
      String path =
          structure().paths().stream()
              .filter(p -> structure().leaf(p).dtype().isComplex())
              .findFirst()
              .orElse("");
      throw new IllegalArgumentException(
          "%s is for real leaves, but \"%s\" is %s: use splitRealAndImaginary"
              .formatted(operation, path, structure().leaf(path).dtype()));
    }
    return this;
  }

  /** The tensors if evaluated, else the structure. */
  @Override
  public String toString() {
    return isEvaluated() ? toMap().toString() : "deferred " + structure;
  }
}
