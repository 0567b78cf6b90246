package dev.glissade;

import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.graph.Op;
import dev.glissade.fuse.graph.Reduction;
import dev.glissade.fuse.graph.Rewrite;

/**
 * The arithmetic of {@link Tree}: first element by element, then reductions of the whole tree.
 * float32 leaves are added up in float by ranges of 32,768 elements, those sums in double. A range
 * whose sum of squares or products overflows or vanishes in float is added up again in double, if a
 * step in place has not overwritten what it is made of in the same pass; a {@link #norm} is never
 * reduced in such a pass.
 */
abstract sealed class TreeArithmetic permits Tree {

  abstract Node node();

  public abstract Structure structure();

  private Tree self() {
    return (Tree) this;
  }

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
    return times(self());
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
    return Bounds.squarable(self(), factor);
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
    return new Tree(computed, Node.fill(computed.layout(), Scalar.of(value).node()), false);
  }

  /** sum of this * other */
  public Scalar dot(Tree other) {
    real("dot").requireSame(other, "dot");
    return new Scalar(Rewrite.dot(node(), other.node()), false);
  }

  /**
   * The sum of this * other, of float32 leaves as floats give it: not added up again where products
   * overflow or vanish. For a sum over what the same pass of a step overwrites, so that it is the
   * same bits whether the step runs in place or not.
   */
  public Scalar plainDot(Tree other) {
    real("plainDot").requireSame(other, "plainDot");
    return new Scalar(Node.reduce(Reduction.PLAIN_DOT, node(), other.node()), false);
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
    return Norm.of(self()).value();
  }

  /**
   * This over its {@link #norm}, also where the norm is beyond the largest double or below the
   * smallest normal one; 0 where the norm is 0.
   */
  public Tree normalized() {
    return Norm.of(self()).normalized();
  }

  /**
   * This where its {@link #norm} is less than the given one, else this over its norm, times the
   * given norm.
   *
   * @param most finite, not negative
   */
  public Tree normAtMost(double most) {
    return Norm.of(self()).atMost(most);
  }

  /**
   * The sum of squares; of complex elements, of both parts. Infinite where it is beyond the largest
   * double, and of float64 leaves without those squares that are too small for a double; {@link
   * #norm} has neither limit.
   */
  public Scalar normSquared() {
    return new Scalar(Node.reduce(Reduction.DOT, node(), node()), false);
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

  final Scalar reduce(Reduction reduction) {
    return new Scalar(Node.reduce(reduction, node()), false);
  }

  final Tree linear(Op op, Tree other, String name) {
    requireSame(other, name);
    Structure computed = structure().computed();
    return new Tree(computed, Node.binary(op, node(), other.node(), computed.layout()), false);
  }

  final Tree with(Op op, Scalar other) {
    Structure computed = structure().computed();
    return new Tree(computed, Node.binary(op, node(), other.node(), computed.layout()), false);
  }

  final Tree unary(Op op) {
    Structure computed = structure().computed();
    return new Tree(computed, Node.unary(op, node(), computed.layout()), false);
  }

  final void requireSame(Tree other, String operation) {
    structure().requireSame("the left side of " + operation, other.structure(), "the right side");
  }

  final Tree real(String operation) {
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
    return self();
  }
}
