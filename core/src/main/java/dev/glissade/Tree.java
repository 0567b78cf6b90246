package dev.glissade;

import dev.glissade.fuse.graph.AxisReduction.Fold;
import dev.glissade.fuse.graph.Distribution;
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
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map from paths ("dense/kernel") to tensors, sorted by path, with deferred
 * arithmetic.
 *
 * <p>{@code a.times(b).plus(c)} computes nothing yet. Reductions over the whole tree return a
 * {@link Scalar}, which is deferred too. {@link #evaluate} computes everything in as few passes
 * over memory as possible.
 *
 * <p>The operands of an operation must have the same paths, shapes and computed types ({@link
 * DType#computed}); otherwise the operation throws an {@link IllegalArgumentException} that names
 * the first leaf that differs. An operation on a complex leaf works on its two planes. Where that
 * would not be complex arithmetic, as in {@link #times(Tree)}, the operation is marked "Real leaves
 * only" and throws an {@link IllegalArgumentException} for a complex leaf: call {@link
 * #splitComplex} first.
 *
 * <p>Sums over float32 leaves are computed in float for each range of 32,768 elements; the range
 * sums are added in double. If the sum of squares or products of a range overflows or underflows in
 * float, the range is summed again in double, unless a step in place has overwritten its inputs in
 * the same pass. A {@link #norm} is never reduced in such a pass.
 */
public final class Tree extends Deferred {
  private static final Tree EMPTY = of(Map.of());

  private final Structure structure;

  /** Creates a deferred tree. */
  Tree(Structure structure, Node node) {
    this(structure, node, false);
  }

  private Tree(Structure structure, Node node, boolean evaluated) {
    super(node, evaluated);
    this.structure = structure;
  }

  /**
   * {@return a tree of these tensors, without a copy}
   *
   * @param tensors the leaves by path; no path may be empty
   */
  public static Tree of(Map<String, Tensor> tensors) {
    TreeMap<String, Tensor> sorted = new TreeMap<>(tensors);
    Map<String, Structure.Leaf> leaves = new LinkedHashMap<>();
    sorted.forEach(
        (path, tensor) -> leaves.put(path, Structure.Leaf.of(tensor.dtype(), tensor.shape())));
    Plane[] planes =
        sorted.values().stream().flatMap(t -> List.of(t.planes()).stream()).toArray(Plane[]::new);
    return ofPlanes(Structure.of(leaves), planes);
  }

  /**
   * {@return a tree of one tensor, without a copy}
   *
   * @param path the leaf's path, not empty
   * @param tensor the leaf
   */
  public static Tree of(String path, Tensor tensor) {
    return of(Map.of(path, tensor));
  }

  /**
   * {@return a tree of two tensors, without a copy} Use {@link #builder} for more.
   *
   * @param path1 the first leaf's path, not empty
   * @param tensor1 the first leaf
   * @param path2 the second leaf's path, different from the first
   * @param tensor2 the second leaf
   */
  public static Tree of(String path1, Tensor tensor1, String path2, Tensor tensor2) {
    return of(Map.of(path1, tensor1, path2, tensor2));
  }

  /**
   * {@return a tree of float32 vectors with a copy of each array}
   *
   * @param arrays the numbers of each leaf, by path
   */
  public static Tree ofFloats(Map<String, float[]> arrays) {
    TreeBuilder builder = builder();
    arrays.forEach(builder::add);
    return builder.build();
  }

  /**
   * {@return a tree of float64 vectors with a copy of each array}
   *
   * @param arrays the numbers of each leaf, by path
   */
  public static Tree ofDoubles(Map<String, double[]> arrays) {
    TreeBuilder builder = builder();
    arrays.forEach(builder::add);
    return builder.build();
  }

  /**
   * {@return a tree of float32 vectors that share the caller's arrays} See {@link
   * Tensor#wrap(float[])}.
   *
   * @param arrays the array of each leaf, by path
   */
  public static Tree wrapFloats(Map<String, float[]> arrays) {
    TreeBuilder builder = builder();
    arrays.forEach((path, array) -> builder.add(path, Tensor.wrap(array)));
    return builder.build();
  }

  /**
   * {@return a tree of float64 vectors that share the caller's arrays} See {@link
   * Tensor#wrap(double[])}.
   *
   * @param arrays the array of each leaf, by path
   */
  public static Tree wrapDoubles(Map<String, double[]> arrays) {
    TreeBuilder builder = builder();
    arrays.forEach((path, array) -> builder.add(path, Tensor.wrap(array)));
    return builder.build();
  }

  /**
   * Returns a tree of nested maps, whose keys are joined by '/': {@code {"dense": {"kernel": w}}}
   * has the leaf "dense/kernel".
   *
   * @param values tensors, trees, maps, numbers (a {@code Double} becomes a float64 scalar, any
   *     other number a float32 one), and float or double arrays of one or two dimensions, which are
   *     copied
   * @return the tree of all leaves
   * @throws IllegalArgumentException if a value has another type, naming its path
   */
  public static Tree ofNested(Map<String, ?> values) {
    return builder().addAll("", values).build();
  }

  /** {@return an empty builder, to which leaves are added one by one} */
  public static TreeBuilder builder() {
    return new TreeBuilder();
  }

  /** {@return the tree without leaves} */
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
    if (!node().isInput()) {
      return false;
    }
    for (Plane plane : node().planes()) {
      if (plane.borrowed()) {
        return false;
      }
    }
    return true;
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

  /** {@return the paths, shapes and types of the leaves} */
  public Structure structure() {
    return structure;
  }

  /** {@return the paths of the leaves, sorted} */
  public List<String> paths() {
    return structure.paths();
  }

  /** {@return the number of elements of all leaves} A complex element counts as one. */
  public long size() {
    return structure.size();
  }

  /**
   * Returns the tensor at a path, without a copy.
   *
   * @param path the leaf's path
   * @return the leaf
   * @throws IllegalStateException if this tree is not evaluated
   * @throws IllegalArgumentException if the tree has no such leaf
   */
  public Tensor get(String path) {
    if (!isEvaluated()) {
      throw new IllegalStateException(
          "a tree must be evaluated before its tensors are read: call evaluate(); inside a step,"
              + " where it has no numbers yet, use its arithmetic or callback");
    }
    int i = structure.index(path);
    Structure.Leaf leaf = structure.leaf(i);
    if (structure.isJoined()) {
      return Flat.joined(separated(), leaf.dtype());
    }
    Plane[] planes = node().planes();
    int first = structure.firstPlane(i);
    Plane imaginary = leaf.dtype().isComplex() ? planes[first + 1] : null;
    return new Tensor(leaf.dtype(), leaf.lengths(), planes[first], imaginary);
  }

  /**
   * Returns the tensors by path, without a copy.
   *
   * @return the leaves, sorted by path
   * @throws IllegalStateException if this tree is not evaluated
   */
  public Map<String, Tensor> toMap() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    paths().forEach(path -> tensors.put(path, get(path)));
    return tensors;
  }

  /**
   * Returns whether the other tree has the same paths and {@linkplain Tensor#sameBits the same
   * bits} in each leaf.
   *
   * @param other an evaluated tree
   * @return false also if a path, a shape or a type differs
   * @throws IllegalStateException if either tree is not evaluated
   */
  public boolean sameBits(Tree other) {
    return structure.equals(other.structure)
        && paths().stream().allMatch(path -> get(path).sameBits(other.get(path)));
  }

  /**
   * Calls the action with each path and its tensor, in the order of the paths.
   *
   * @param action takes a path and its tensor
   * @throws IllegalStateException if this tree is not evaluated
   */
  public void forEach(BiConsumer<String, Tensor> action) {
    paths().forEach(path -> action.accept(path, get(path)));
  }

  /**
   * Returns the paths and their tensors as a stream, in the order of the paths. Reading the stream
   * throws an {@link IllegalStateException} if this tree is not evaluated.
   *
   * @return one entry for each leaf
   */
  public Stream<Map.Entry<String, Tensor>> stream() {
    return paths().stream().map(path -> Map.entry(path, get(path)));
  }

  /**
   * Returns a copy of each leaf's numbers, rounded to float.
   *
   * @return one array for each leaf, by path; for a complex leaf, the real parts
   * @throws IllegalStateException if this tree is not evaluated
   */
  public Map<String, float[]> toFloats() {
    Map<String, float[]> arrays = new LinkedHashMap<>();
    forEach((path, tensor) -> arrays.put(path, tensor.toFloats()));
    return arrays;
  }

  /**
   * Returns a copy of each leaf's numbers as doubles.
   *
   * @return one array for each leaf, by path; for a complex leaf, the real parts
   * @throws IllegalStateException if this tree is not evaluated
   */
  public Map<String, double[]> toDoubles() {
    Map<String, double[]> arrays = new LinkedHashMap<>();
    forEach((path, tensor) -> arrays.put(path, tensor.toDoubles()));
    return arrays;
  }

  /**
   * Returns a copy of all leaves as one vector, in the order of the paths. {@link
   * #unflatten(Tensor, Structure)} is the inverse.
   *
   * @return a vector of {@link #size} elements in the leaves' type
   * @throws IllegalArgumentException if the leaves are complex or of several types
   */
  public Tensor flatten() {
    return flatten(paths());
  }

  /**
   * Returns a copy of all leaves as one vector, in the given order. {@link #unflatten(Tensor, Map)}
   * is the inverse.
   *
   * @param order each path of this tree exactly once
   * @return a vector of {@link #size} elements in the leaves' type
   * @throws IllegalArgumentException if the order lacks a path or repeats one, or if the leaves are
   *     complex or of several types
   */
  public Tensor flatten(Collection<String> order) {
    return Flat.flatten(evaluate(), List.copyOf(order));
  }

  /**
   * Returns this tree as one vector, without a copy: a tree with a single leaf of one axis, which
   * has all elements in the order of the paths. Arithmetic and reductions of each leaf then work on
   * the whole vector. {@link #separated} returns the leaves again. Real leaves only.
   *
   * <p>The parts of the vector keep their types. {@link #get} returns a copy of it in the widest
   * one.
   *
   * @return the joined tree; this tree if it is one
   * @throws IllegalArgumentException if this tree has 2^31 elements or more
   */
  public Tree joined() {
    return structure.isJoined()
        ? this
        : new Tree(real("joined").structure.joined(), node(), isEvaluated());
  }

  /**
   * Returns the leaves of a {@link #joined} tree, or of what was computed from it element by
   * element, without a copy.
   *
   * @return the tree with the leaves' own paths and shapes; this tree if it is not joined
   */
  public Tree separated() {
    return structure.isJoined() ? new Tree(structure.separated(), node(), isEvaluated()) : this;
  }

  /**
   * Returns a tree whose leaves are consecutive parts of a vector, in the order of the structure's
   * paths. The leaves share the vector's array: a stepper that {@linkplain Stepper#borrowing
   * borrows} such a tree of {@code Tensor.wrap(theta)} changes {@code theta}.
   *
   * @param vector a real vector
   * @param structure the leaves' paths and shapes, in the vector's type
   * @return the tree on the vector's array
   * @throws IllegalArgumentException if the vector has another type or number of elements
   */
  public static Tree unflatten(Tensor vector, Structure structure) {
    return Flat.unflatten(vector, structure);
  }

  /**
   * Returns a tree whose leaves are consecutive parts of a vector, in the order of the map. The
   * leaves share the vector's array, as in {@link #unflatten(Tensor, Structure)}.
   *
   * @param vector a real vector
   * @param shapes the leaves' shapes by path, in the vector's order: use a {@code LinkedHashMap}; a
   *     {@code Map.of} or {@code HashMap} of several entries has no defined order and is refused
   * @return the tree on the vector's array
   * @throws IllegalArgumentException if the map has no defined order, or the vector is complex or
   *     has another number of elements
   */
  public static Tree unflatten(Tensor vector, Map<String, int[]> shapes) {
    return Flat.unflatten(vector, shapes);
  }

  /**
   * Computes this tree's numbers. A tree on a caller's array is copied, so later changes to the
   * array do not change the result.
   *
   * @return the evaluated tree; this tree if it is evaluated and owns its memory
   * @throws IllegalStateException inside a step, where nothing has a value yet
   */
  public Tree evaluate() {
    Driver.requireOutsideOfStep("a tree");
    return evaluated(this);
  }

  /**
   * {@return an evaluated copy in arrays of its own}
   *
   * @throws IllegalStateException inside a step, where nothing has a value yet
   */
  public Tree copy() {
    return TreeForms.copy(evaluate());
  }

  /**
   * Returns a copy whose small leaves, of up to 32,768 elements, lie one after another in common
   * arrays. {@link Tensor#array} of such a leaf is a buffer, and the caller may write to it.
   *
   * <p>Steps over a tree of many small leaves are about as fast as over one large leaf if both
   * parameters and gradients are packed; reuse the same gradients tree for each step. The state is
   * then packed too. {@code Tensor.wrap(FloatBuffer.wrap(array, from, length), shape)} has the same
   * effect for the caller's own arrays, if each leaf lies at the same place in the parameters and
   * in the gradients.
   *
   * @return the packed copy
   * @throws IllegalStateException inside a step, where nothing has a value yet
   */
  public Tree packed() {
    return Packing.packed(evaluate());
  }

  /**
   * Overwrites the arrays of the other tree with this tree's numbers, rounded to the types that
   * they have there. Use it for arrays that the caller owns, such as those of a framework's
   * parameters.
   *
   * @param other an evaluated tree with the same paths, shapes and computed types
   * @throws IllegalArgumentException if the other tree is not evaluated, or its paths, shapes or
   *     computed types differ; nothing has changed then
   */
  public void copyTo(Tree other) {
    TreeForms.copy(this, other);
  }

  /**
   * {@return params + updates, evaluated, each leaf in the type that it has in this tree}
   *
   * @param updates what a transformation returned for these params
   * @throws IllegalArgumentException if the paths, shapes or computed types differ
   */
  public Tree applyUpdates(Tree updates) {
    updates.structure().requireSame("updates", structure, "params");
    return plus(updates).as(structure).evaluate();
  }

  // Arithmetic, element by element

  /**
   * {@return this + other, element by element}
   *
   * @param other a tree with the same paths, shapes and computed types
   */
  public Tree plus(Tree other) {
    return linear(Op.ADD, other, "plus");
  }

  /**
   * {@return this with a number added to each element} Real leaves only.
   *
   * @param other the number to add
   */
  public Tree plus(Scalar other) {
    return real("plus").with(Op.ADD, other);
  }

  /**
   * {@return this with a number added to each element} Real leaves only.
   *
   * @param other the number to add
   */
  public Tree plus(double other) {
    return plus(Scalar.of(other));
  }

  /**
   * {@return this - other, element by element}
   *
   * @param other a tree with the same paths, shapes and computed types
   */
  public Tree minus(Tree other) {
    return linear(Op.SUB, other, "minus");
  }

  /**
   * {@return this with a number subtracted from each element} Real leaves only.
   *
   * @param other the number to subtract
   */
  public Tree minus(Scalar other) {
    return plus(other.negate());
  }

  /**
   * {@return this with a number subtracted from each element} Real leaves only.
   *
   * @param other the number to subtract
   */
  public Tree minus(double other) {
    return plus(-other);
  }

  /**
   * {@return this * other, element by element} Real leaves only.
   *
   * @param other a tree with the same paths, shapes and computed types
   */
  public Tree times(Tree other) {
    return real("times").linear(Op.MUL, other, "times");
  }

  /**
   * {@return this with each element multiplied by a number}
   *
   * @param other the factor
   */
  public Tree times(Scalar other) {
    return with(Op.MUL, other);
  }

  /**
   * {@return this with each element multiplied by a number}
   *
   * @param other the factor
   */
  public Tree times(double other) {
    return times(Scalar.of(other));
  }

  /**
   * {@return this / other, element by element} Real leaves only.
   *
   * @param other a tree with the same paths, shapes and computed types
   */
  public Tree dividedBy(Tree other) {
    return real("dividedBy").linear(Op.DIV, other, "dividedBy");
  }

  /**
   * Returns this with each element divided by a number. It multiplies by the reciprocal, which may
   * differ from the correctly rounded quotient by one unit in the last place.
   *
   * @param other the divisor
   * @return the quotients
   */
  public Tree dividedBy(Scalar other) {
    return with(Op.MUL, other.reciprocalPower()).with(Op.MUL, other.reciprocalRest());
  }

  /**
   * {@return this with each element divided by a number} Rounds as {@link #dividedBy(Scalar)} does.
   *
   * @param other the divisor
   */
  public Tree dividedBy(double other) {
    return dividedBy(Scalar.of(other));
  }

  /**
   * {@return this / other, element by element} The name that Kotlin's {@code /} calls.
   *
   * @param other a tree with the same paths, shapes and computed types
   */
  public Tree div(Tree other) {
    return dividedBy(other);
  }

  /**
   * {@return this with each element divided by a number} The name that Kotlin's {@code /} calls.
   *
   * @param other the divisor
   */
  public Tree div(Scalar other) {
    return dividedBy(other);
  }

  /**
   * {@return this with each element divided by a number} The name that Kotlin's {@code /} calls.
   *
   * @param other the divisor
   */
  public Tree div(double other) {
    return dividedBy(other);
  }

  /** {@return -this} The name that Kotlin's {@code -} calls. */
  public Tree unaryMinus() {
    return negate();
  }

  /**
   * {@return the larger of this and other, element by element; NaN if either is NaN} Real leaves
   * only.
   *
   * @param other a tree with the same paths, shapes and computed types
   */
  public Tree max(Tree other) {
    return real("max").linear(Op.MAX, other, "max");
  }

  /**
   * {@return the larger of each element and a number; NaN if either is NaN} Real leaves only.
   *
   * @param other the lower bound
   */
  public Tree max(Scalar other) {
    return real("max").with(Op.MAX, other);
  }

  /**
   * {@return the larger of each element and a number; NaN if either is NaN} Real leaves only.
   *
   * @param other the lower bound
   */
  public Tree max(double other) {
    return max(Scalar.of(other));
  }

  /**
   * {@return the smaller of this and other, element by element; NaN if either is NaN} Real leaves
   * only.
   *
   * @param other a tree with the same paths, shapes and computed types
   */
  public Tree min(Tree other) {
    return real("min").linear(Op.MIN, other, "min");
  }

  /**
   * {@return the smaller of each element and a number; NaN if either is NaN} Real leaves only.
   *
   * @param other the upper bound
   */
  public Tree min(Scalar other) {
    return real("min").with(Op.MIN, other);
  }

  /**
   * {@return the smaller of each element and a number; NaN if either is NaN} Real leaves only.
   *
   * @param other the upper bound
   */
  public Tree min(double other) {
    return min(Scalar.of(other));
  }

  /** {@return -this} */
  public Tree negate() {
    return unary(Op.NEG);
  }

  /** {@return the absolute value of each element} Real leaves only. */
  public Tree abs() {
    return real("abs").unary(Op.ABS);
  }

  /** {@return the square of each element} Real leaves only. */
  public Tree square() {
    return times(this);
  }

  /** {@return the square root of each element; NaN for a negative one} Real leaves only. */
  public Tree sqrt() {
    return real("sqrt").unary(Op.SQRT);
  }

  /** {@return the sign of each element: -1, 0 or 1} Real leaves only. */
  public Tree sign() {
    return real("sign").unary(Op.SIGN);
  }

  /** {@return e to the power of each element} Real leaves only. */
  public Tree exp() {
    return real("exp").unary(Op.EXP);
  }

  /** {@return the natural logarithm of each element; NaN for a negative one} Real leaves only. */
  public Tree log() {
    return real("log").unary(Op.LOG);
  }

  /** {@return the real cube root of each element} Real leaves only. */
  public Tree cbrt() {
    return real("cbrt").unary(Op.CBRT);
  }

  /** {@return the hyperbolic tangent of each element} Real leaves only. */
  public Tree tanh() {
    return real("tanh").unary(Op.TANH);
  }

  /**
   * {@return 1 where this {@code >} other, else 0, also where either is NaN} Real leaves only.
   *
   * @param other a tree with the same paths, shapes and computed types
   */
  public Tree greaterThan(Tree other) {
    return real("greaterThan").linear(Op.GREATER, other, "greaterThan");
  }

  /**
   * {@return 1 where an element {@code >} the number, else 0} Real leaves only.
   *
   * @param other the number to compare with
   */
  public Tree greaterThan(Scalar other) {
    return real("greaterThan").with(Op.GREATER, other);
  }

  /**
   * {@return 1 where an element {@code >} the number, else 0} Real leaves only.
   *
   * @param other the number to compare with
   */
  public Tree greaterThan(double other) {
    return greaterThan(Scalar.of(other));
  }

  /**
   * {@return 1 where this {@code <} other, else 0, also where either is NaN} Real leaves only.
   *
   * @param other a tree with the same paths, shapes and computed types
   */
  public Tree lessThan(Tree other) {
    requireSame(other, "lessThan");
    return other.greaterThan(this);
  }

  /**
   * {@return 1 where an element {@code <} the number, else 0} Real leaves only.
   *
   * @param other the number to compare with
   */
  public Tree lessThan(Scalar other) {
    return negate().greaterThan(other.negate());
  }

  /**
   * {@return 1 where an element {@code <} the number, else 0} Real leaves only.
   *
   * @param other the number to compare with
   */
  public Tree lessThan(double other) {
    return lessThan(Scalar.of(other));
  }

  /**
   * Chooses between two trees element by element, with this tree as the mask. The element that is
   * not chosen has no effect, even if it is NaN or infinite. {@link Scalar#choose} chooses between
   * whole trees and computes only the one that it takes. Real leaves only.
   *
   * @param whenTrue gives the elements where this tree is not 0
   * @param whenFalse gives the elements where this tree is 0
   * @return the chosen elements
   * @throws IllegalArgumentException if the paths, shapes or computed types differ
   */
  public Tree choose(Tree whenTrue, Tree whenFalse) {
    real("choose").requireSame(whenTrue, "choose");
    requireSame(whenFalse, "choose");
    Structure computed = structure().computed();
    return new Tree(
        computed, Node.select(node(), whenTrue.node(), whenFalse.node(), computed.layout()));
  }

  /**
   * {@return this with 0 in place of NaN} The parts of a complex element are replaced separately.
   */
  public Tree nanToZero() {
    return unary(Op.NAN_TO_ZERO);
  }

  /**
   * Returns this tree with each number bounded so that its square is finite.
   *
   * <p>Magnitudes below 2^61 in float32 (in which 16-bit types are computed) and below 2^508 in
   * float64 stay as they are. A larger number becomes a smaller one of either sign, of at most 2^62
   * or 2^509: its square is finite, and so are sums of several such squares. An infinity becomes
   * NaN. The parts of a complex element are bounded separately.
   *
   * <p>Use it for gradients of which a step takes only the direction: if the whole step uses the
   * bounded gradients, an element with a huge gradient stays about where it is.
   *
   * @return the bounded tree
   */
  public Tree squarable() {
    return squarable(Scalar.of(1));
  }

  /**
   * {@return this tree bounded so that its products with the factor are {@link #squarable()}}
   *
   * @param factor positive
   */
  public Tree squarable(Scalar factor) {
    return Bounds.squarable(this, factor);
  }

  /**
   * {@return this with the largest finite number of the computed type in place of +infinity} Real
   * leaves only.
   */
  public Tree cappedAtLargest() {
    return Bounds.capped(real("cappedAtLargest"));
  }

  /**
   * {@return a tree of the same paths and shapes in which each element is 0} 16-bit leaves become
   * float32.
   */
  public Tree zeros() {
    return fill(0);
  }

  /**
   * Returns a tree of the same paths and shapes in which each element is the value. 16-bit leaves
   * become float32.
   *
   * @param value each element; 0 if a leaf is complex
   * @return the filled tree
   */
  public Tree fill(double value) {
    if (value != 0) {
      real("fill");
    }
    Structure computed = structure().computed();
    return new Tree(computed, Node.fill(computed.layout(), Scalar.of(value).node()));
  }

  // Reductions of the whole tree

  /**
   * {@return the inner product, the sum of this * other} Real leaves only.
   *
   * @param other a tree with the same paths, shapes and computed types
   */
  public Scalar dot(Tree other) {
    real("dot").requireSame(other, "dot");
    return new Scalar(Rewrite.dot(node(), other.node()));
  }

  /**
   * Returns the inner product, the sum of this * other, without the second summation that {@link
   * #dot} makes where products of float32 leaves overflow or underflow. Use it where the same pass
   * of a step overwrites the operands: the result has the same bits whether the step runs in place
   * or not. Real leaves only.
   *
   * @param other a tree with the same paths, shapes and computed types
   * @return the sum
   */
  public Scalar plainDot(Tree other) {
    real("plainDot").requireSame(other, "plainDot");
    return new Scalar(Node.reduce(Reduction.PLAIN_DOT, node(), other.node()));
  }

  /**
   * Returns the L2 norm: the square root of the sum of squares, of both parts for complex elements.
   *
   * <p>Squares neither overflow nor underflow. For finite elements, however many there are, the
   * relative error is at most 2^-13; it is at most 2^-40 if all leaves are float64 and have fewer
   * than 100 million elements. The norm is infinite only if it exceeds the largest double; below
   * the smallest normal double, 2.2e-308, it is rounded to the nearest double. It is NaN if an
   * element is NaN. It has the same bits whether a step runs in place or not.
   *
   * @return the norm
   */
  public Scalar norm() {
    return Norm.of(this).value();
  }

  /**
   * Returns this / {@link #norm}, also where the norm exceeds the largest double or is below the
   * smallest normal one.
   *
   * @return a tree of norm 1; 0 where the norm is 0
   */
  public Tree normalized() {
    return Norm.of(this).normalized();
  }

  /**
   * Returns this tree if its {@link #norm} is at most a maximum, else this / norm * maximum.
   *
   * @param most the maximum, finite and not negative
   * @return the tree with the bounded norm
   */
  public Tree normAtMost(double most) {
    return Norm.of(this).atMost(most);
  }

  /**
   * Returns the sum of squares, of both parts for complex elements. It is infinite where it exceeds
   * the largest double, and squares of float64 elements that underflow count as 0; {@link #norm}
   * has neither limit.
   *
   * @return the sum
   */
  public Scalar normSquared() {
    return new Scalar(Node.reduce(Reduction.DOT, node(), node()));
  }

  /** {@return the L1 norm, the sum of the absolute values} Real leaves only. */
  public Scalar norm1() {
    return real("norm1").reduce(Reduction.SUM_ABS);
  }

  /** {@return the sum of all elements} Real leaves only. */
  public Scalar sum() {
    return real("sum").reduce(Reduction.SUM);
  }

  /** {@return the largest absolute value; 0 for an empty tree} Real leaves only. */
  public Scalar maxAbs() {
    return real("maxAbs").reduce(Reduction.MAX_ABS);
  }

  /**
   * {@return how many numbers are NaN or infinite} The parts of a complex element are counted
   * separately.
   */
  public Scalar nonFinite() {
    return reduce(Reduction.NON_FINITE);
  }

  // Reductions of each leaf

  /**
   * Returns the L2 norm of each leaf, as accurate as {@link #norm}; of both parts for complex
   * leaves.
   *
   * @return a tree of the same paths, whose leaves are float64 numbers without axes
   */
  public Tree leafNorms() {
    return SmallTrees.byLeaf(Reduction.NORM, false, this);
  }

  /**
   * Returns the inner product of each leaf with that of another tree. Real leaves only.
   *
   * @param other a tree with the same paths, shapes and computed types
   * @return a tree of the same paths, whose leaves are float64 numbers without axes
   */
  public Tree leafDots(Tree other) {
    real("leafDots").requireSame(other, "leafDots");
    return SmallTrees.byLeaf(Reduction.DOT, false, this, other);
  }

  /**
   * Returns the sum of the squares of each leaf; of both parts for complex leaves.
   *
   * @return a tree of the same paths, whose leaves are float64 numbers without axes
   */
  public Tree leafNormsSquared() {
    return SmallTrees.byLeaf(Reduction.DOT, false, this, this);
  }

  /**
   * Returns the sum of each leaf. Real leaves only.
   *
   * @return a tree of the same paths, whose leaves are float64 numbers without axes
   */
  public Tree leafSums() {
    return SmallTrees.byLeaf(Reduction.SUM, false, real("leafSums"));
  }

  /**
   * Returns the mean of each leaf; NaN for a leaf without elements. Real leaves only.
   *
   * @return a tree of the same paths, whose leaves are float64 numbers without axes
   */
  public Tree leafMeans() {
    return SmallTrees.byLeaf(Reduction.SUM, true, real("leafMeans"));
  }

  /**
   * Returns the root mean square of each leaf: its L2 norm, as {@link #leafNorms} has it, divided
   * by the root of its size; NaN for a leaf without elements.
   *
   * @return a tree of the same paths, whose leaves are float64 numbers without axes
   */
  public Tree leafRms() {
    return leafNorms().dividedBy(leafSizes().sqrt());
  }

  /**
   * Returns the largest absolute value of each leaf; 0 for a leaf without elements. Real leaves
   * only.
   *
   * @return a tree of the same paths, whose leaves are float64 numbers without axes
   */
  public Tree leafMaxAbs() {
    return SmallTrees.byLeaf(Reduction.MAX_ABS, false, real("leafMaxAbs"));
  }

  /**
   * Returns how many numbers of each leaf are NaN or infinite.
   *
   * @return a tree of the same paths, whose leaves are float64 numbers without axes
   */
  public Tree leafNonFinite() {
    return SmallTrees.byLeaf(Reduction.NON_FINITE, false, this);
  }

  /**
   * Returns the number of elements of each leaf.
   *
   * @return an evaluated tree of the same paths, whose leaves are float64 numbers without axes
   */
  public Tree leafSizes() {
    return SmallTrees.sizes(structure);
  }

  /**
   * Returns the sums over some axes of each leaf, which get the length 1. Sums of float32 are added
   * up in float for up to 64 numbers, and in double from there. Real leaves only.
   *
   * @param axes chooses the axes of each leaf
   * @return a tree of the same paths and smaller shapes; 16-bit leaves become float32
   * @throws IllegalArgumentException if a leaf does not have an axis
   */
  public Tree sumOver(Axes axes) {
    return SmallTrees.overAxes(Fold.SUM, real("sumOver"), axes);
  }

  /**
   * Returns the means over some axes of each leaf, which get the length 1; see {@link #sumOver}.
   * Real leaves only.
   *
   * @param axes chooses the axes of each leaf
   * @return a tree of the same paths and smaller shapes; 16-bit leaves become float32
   * @throws IllegalArgumentException if a leaf does not have an axis
   */
  public Tree meanOver(Axes axes) {
    return SmallTrees.overAxes(Fold.MEAN, real("meanOver"), axes);
  }

  /**
   * Returns the largest numbers over some axes of each leaf, which get the length 1; NaN if any is
   * NaN, -infinity for none. Real leaves only.
   *
   * @param axes chooses the axes of each leaf
   * @return a tree of the same paths and smaller shapes; 16-bit leaves become float32
   * @throws IllegalArgumentException if a leaf does not have an axis
   */
  public Tree maxOver(Axes axes) {
    return SmallTrees.overAxes(Fold.MAX, real("maxOver"), axes);
  }

  /**
   * Returns this tree with each leaf repeated to the shape that it has in another tree, so that
   * both can be operands of arithmetic: {@code u.dividedBy(u.leafNorms().broadcast(u))}. A pass
   * over memory reads the small leaf in place of a large one. Real leaves only.
   *
   * @param like a tree of the same paths; a leaf here has either no axes, or as many as there, each
   *     of the same length or of length 1
   * @return a tree of the shapes and computed types of the other tree
   * @throws IllegalArgumentException if the paths differ or a shape does not fit
   */
  public Tree broadcast(Tree like) {
    return SmallTrees.broadcast(real("broadcast"), like.real("broadcast").structure());
  }

  // Form

  /**
   * {@return the leaves whose path the mask accepts}
   *
   * @param mask decides by path
   */
  public Tree select(Predicate<String> mask) {
    return TreeForms.select(this, mask);
  }

  /**
   * {@return a tree of the leaves of both}
   *
   * @param other a tree that shares no path with this one
   * @throws IllegalArgumentException if a path is in both
   */
  public Tree merge(Tree other) {
    return TreeForms.merge(this, other);
  }

  /**
   * {@return this tree's leaf where the mask accepts the path, the other tree's leaf elsewhere}
   *
   * @param mask decides by path
   * @param other a tree with the same paths, shapes and computed types
   */
  public Tree where(Predicate<String> mask, Tree other) {
    return TreeForms.where(this, mask, other);
  }

  /**
   * Returns this tree with each leaf in the type that it has in the structure, rounded to nearest.
   * An expression that converts between float32 and float64 may compute all of its arithmetic in
   * float64.
   *
   * @param other a structure of the same paths and shapes, with complex leaves at the same paths
   * @return this tree if it has these types already
   * @throws IllegalArgumentException if the paths or shapes differ, or if only one of two leaves is
   *     complex
   */
  public Tree as(Structure other) {
    structure.requireConvertible("the tree", other, "the structure");
    return structure.equals(other) ? this : new Tree(other, Node.round(other.layout(), node()));
  }

  /**
   * Returns this tree with each leaf in a type, rounded to nearest. Use it to keep a moment in a
   * type of its own: widen the moment by {@code m.as(g.structure().computed())}, compute, and
   * return {@code m.as(dtype)} as the next state, so that it is rounded once. Real leaves only.
   *
   * @param dtype a real type
   * @return this tree if it has this type already
   * @throws IllegalArgumentException if the type or a leaf is complex
   */
  public Tree as(DType dtype) {
    if (dtype.isComplex()) {
      throw new IllegalArgumentException("dtype must be real, but was " + dtype);
    }
    return as(real("as").structure().withDtype(dtype));
  }

  /**
   * {@return a tree in which each complex leaf "z" has become two real ones, "z/real" and
   * "z/imaginary"}
   *
   * @throws IllegalArgumentException if another leaf has such a path already
   */
  public Tree splitComplex() {
    return TreeForms.splitComplex(this);
  }

  /**
   * Returns a tree in which each pair of leaves "z/real" and "z/imaginary" is one complex leaf "z"
   * again: the inverse of {@link #splitComplex}.
   *
   * @param like the structure before the split
   * @return the merged tree
   * @throws IllegalArgumentException if a leaf of the structure is missing
   */
  public Tree mergeComplex(Structure like) {
    return TreeForms.mergeComplex(this, like);
  }

  /**
   * Returns standard normal draws in the shapes of this tree; 16-bit leaves become float32. Real
   * leaves only.
   *
   * @param keys one key for each leaf, in the order of the paths
   * @return the draws
   * @throws IllegalArgumentException if the number of keys is not the number of leaves
   */
  public Tree normal(List<RandomKey> keys) {
    return TreeForms.draw(this, keys, Distribution.NORMAL);
  }

  /**
   * Returns random signs, +1 or -1 with equal probability, in the shapes of this tree; 16-bit
   * leaves become float32. A sign does not depend on the type: it is +1 where the uniform float64
   * draw of the key is below 1/2. Real leaves only.
   *
   * @param keys one key for each leaf, in the order of the paths
   * @return the signs
   * @throws IllegalArgumentException if the number of keys is not the number of leaves
   */
  public Tree rademacher(List<RandomKey> keys) {
    return TreeForms.draw(this, keys, Distribution.RADEMACHER);
  }

  /**
   * Returns the result of a Java function of this tree's numbers. Use it for what deferred
   * arithmetic cannot express. The function is called once for each evaluation, when this tree's
   * numbers are available; so a step calls it each time it runs.
   *
   * <p>The evaluation throws an {@link IllegalArgumentException} if the function returns null or a
   * tree with other paths, shapes or computed types than {@code result}.
   *
   * @param function takes this tree, evaluated and borrowed for the call: it must copy what it
   *     keeps
   * @param result the structure of the function's result
   * @return the result, deferred
   */
  public Tree callback(UnaryOperator<Tree> function, Structure result) {
    return TreeForms.callback(List.of(this), trees -> function.apply(trees[0]), result);
  }

  /**
   * Returns the result of a Java function of this tree's numbers and those of another, as {@link
   * #callback(UnaryOperator, Structure)} does for one tree.
   *
   * @param other any tree
   * @param function takes this tree and the other, evaluated and borrowed for the call: it must
   *     copy what it keeps
   * @param result the structure of the function's result
   * @return the result, deferred
   */
  public Tree callback(Tree other, BinaryOperator<Tree> function, Structure result) {
    return TreeForms.callback(
        List.of(this, other), trees -> function.apply(trees[0], trees[1]), result);
  }

  /**
   * Reads evaluated trees and writes another one. Each compiled step has a function of its own,
   * which may keep arrays from call to call.
   */
  @FunctionalInterface
  public interface HostFunction {
    /**
     * Computes the result from the operands. Leaves are in the order of their paths; a call gets
     * the same tensors as the call before while their memory is the same.
     *
     * @param operands the leaves of each operand, borrowed for the call and not to be changed
     * @param result the leaves of the result: arrays, {@code float[]} or {@code double[]}, of which
     *     the function overwrites all numbers
     */
    void compute(Tensor[][] operands, Tensor[] result);
  }

  /**
   * Returns the result of a Java function of trees that writes to arrays which are kept. Once a
   * {@link Stepper} is warm, such a call allocates nothing, where {@link #callback(UnaryOperator,
   * Structure)} gets new trees and its result is a new one. Use it for algorithms on whole leaves,
   * such as products of matrices ({@link dev.glissade.algebra.Matrix}).
   *
   * @param operands the trees that the function reads
   * @param function makes the function, once for each compiled step
   * @param result the structure of the result, whose leaves are float32, float64 or complex
   * @return the result, deferred
   * @throws IllegalArgumentException if a leaf of the result has a 16-bit type
   */
  public static Tree callback(
      List<Tree> operands, Supplier<? extends HostFunction> function, Structure result) {
    List<Structure> given = operands.stream().map(Tree::structure).toList();
    List<Node> nodes = operands.stream().map(Tree::node).toList();
    return new Tree(
        result, Node.callback(result.layout(), nodes, HostCall.of(given, result, function)));
  }

  /**
   * Returns the number of examples in these per-example gradients: the length of the batch axis
   * that comes first in the shape of each leaf.
   *
   * @param params the structure of the parameters
   * @return the number of examples; 0 for an empty tree
   * @throws IllegalArgumentException if a leaf's shape is not [batch, shape of the parameter]
   */
  public int batchSize(Structure params) {
    return Batches.size(structure, params);
  }

  /**
   * Returns the sum of per-example gradients, each clipped to an L2 norm: the sum over the examples
   * i of {@code g_i / max(||g_i|| / clip, 1)}. An example whose norm is not finite adds nothing.
   *
   * @param clip the largest norm of an example's gradient over all leaves, positive
   * @param params the structure of the parameters
   * @return a tree of the parameters' shapes; 16-bit leaves become float32
   * @throws IllegalArgumentException if a leaf's shape is not [batch, shape of the parameter]
   */
  public Tree clippedSum(double clip, Structure params) {
    return Batches.clippedSum(this, clip, params);
  }

  /**
   * {@return a tree of the same paths whose tensors a function computes from the paths and tensors}
   *
   * @param function takes a path and its tensor
   * @throws IllegalStateException if this tree is not evaluated
   */
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
          "leaf \"%s\" must be real for %s, but was %s: wrap the optimizer in splitRealAndImaginary"
              .formatted(path, operation, structure().leaf(path).dtype()));
    }
    return this;
  }

  /** {@return the tensors if this tree is evaluated, else "deferred" and the structure} */
  @Override
  public String toString() {
    return isEvaluated() ? toMap().toString() : "deferred " + structure;
  }
}
