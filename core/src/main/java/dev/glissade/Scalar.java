package dev.glissade;

import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.graph.Op;
import dev.glissade.fuse.graph.Target;
import dev.glissade.fuse.run.Execution;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A double that may not be computed yet. Arithmetic on it computes nothing; what a transformation's
 * callers get back is computed. Comparisons give 1 for true and 0 for false.
 */
public final class Scalar extends Deferred {
  /** A number that is computed later. */
  Scalar(Node node) {
    this(node, false);
  }

  private Scalar(Node node, boolean evaluated) {
    super(node, evaluated);
  }

  /** A known number. */
  public static Scalar of(double value) {
    return new Scalar(Node.constant(value), true);
  }

  @Override
  Object signature() {
    return Scalar.class;
  }

  @Override
  Scalar on(Node other, boolean isEvaluated) {
    return new Scalar(other, isEvaluated);
  }

  @Override
  boolean isOwned() {
    return node().isConstant();
  }

  @Override
  Node variable() {
    return Node.constant(value());
  }

  @Override
  Target target(@Nullable Node over) {
    return Target.value(node());
  }

  @Override
  void bind(Execution execution, Node to) {
    execution.bind(to, value());
  }

  @Override
  Scalar read(Execution execution, int target) {
    return of(execution.value(target));
  }

  @Override
  Scalar orElse(Scalar condition, Deferred other) {
    return new Scalar(Node.choose(condition.node(), node(), other.node(), null));
  }

  /**
   * Returns the number.
   *
   * @throws IllegalStateException if it is not computed yet: outside of a step {@link #evaluate}
   *     computes it; inside of one use {@link #choose} and {@link #map}
   */
  public double value() {
    if (!isEvaluated()) {
      throw new IllegalStateException(
          "this scalar is not evaluated yet: call evaluate(); inside of a step, where it has no"
              + " value yet, use choose or map");
    }
    return node().value();
  }

  /**
   * Computes the number, in one pass over what it is made of, and returns it as a scalar that has a
   * {@link #value}; itself if it has one already.
   *
   * @throws IllegalStateException inside of a step, where nothing has a value yet
   */
  public Scalar evaluate() {
    Driver.requireOutsideOfStep("a scalar");
    return evaluated(this);
  }

  /** this + other */
  public Scalar plus(Scalar other) {
    return binary(Op.ADD, other);
  }

  /** this + other */
  public Scalar plus(double other) {
    return plus(of(other));
  }

  /** this + other, each element */
  public Tree plus(Tree other) {
    return other.plus(this);
  }

  /** this - other */
  public Scalar minus(Scalar other) {
    return binary(Op.SUB, other);
  }

  /** this - other */
  public Scalar minus(double other) {
    return minus(of(other));
  }

  /** this - other, each element */
  public Tree minus(Tree other) {
    return other.negate().plus(this);
  }

  /** this * other */
  public Scalar times(Scalar other) {
    return binary(Op.MUL, other);
  }

  /** this * other */
  public Scalar times(double other) {
    return times(of(other));
  }

  /** this * other, each element */
  public Tree times(Tree other) {
    return other.times(this);
  }

  /** this / other */
  public Scalar dividedBy(Scalar other) {
    return binary(Op.DIV, other);
  }

  /** this / other */
  public Scalar dividedBy(double other) {
    return dividedBy(of(other));
  }

  /** this / other; the name that Kotlin's {@code /} calls */
  public Scalar div(Scalar other) {
    return dividedBy(other);
  }

  /** this / other; the name that Kotlin's {@code /} calls */
  public Scalar div(double other) {
    return dividedBy(other);
  }

  /** -this; the name that Kotlin's {@code -} calls */
  public Scalar unaryMinus() {
    return negate();
  }

  /** The larger; NaN if either is. */
  public Scalar max(Scalar other) {
    return binary(Op.MAX, other);
  }

  /** The larger; NaN if either is. */
  public Scalar max(double other) {
    return max(of(other));
  }

  /** The smaller; NaN if either is. */
  public Scalar min(Scalar other) {
    return binary(Op.MIN, other);
  }

  /** The smaller; NaN if either is. */
  public Scalar min(double other) {
    return min(of(other));
  }

  /** this to the power of the exponent */
  public Scalar pow(Scalar exponent) {
    return binary(Op.POW, exponent);
  }

  /** this to the power of the exponent */
  public Scalar pow(double exponent) {
    return pow(of(exponent));
  }

  /** base to the power of this */
  public Scalar powerOf(double base) {
    return of(base).pow(this);
  }

  /** -this */
  public Scalar negate() {
    return unary(Op.NEG);
  }

  /** |this| */
  public Scalar abs() {
    return unary(Op.ABS);
  }

  /** The square root; NaN of a negative number. */
  public Scalar sqrt() {
    return unary(Op.SQRT);
  }

  /** e to the power of this */
  public Scalar exp() {
    return unary(Op.EXP);
  }

  /** The natural logarithm; NaN of a negative number. */
  public Scalar log() {
    return unary(Op.LOG);
  }

  /** The function of this number; it must be pure. */
  public Scalar map(DoubleUnaryOperator function) {
    return new Scalar(Node.map(node(), function));
  }

  /** Whether this {@code >} other: 1 for true, 0 for false. */
  public Scalar greaterThan(Scalar other) {
    return binary(Op.GREATER, other);
  }

  /** Whether this {@code >} other: 1 for true, 0 for false. */
  public Scalar greaterThan(double other) {
    return greaterThan(of(other));
  }

  /** Whether this {@code <} other: 1 for true, 0 for false. */
  public Scalar lessThan(Scalar other) {
    return other.greaterThan(this);
  }

  /** Whether this {@code <} other: 1 for true, 0 for false. */
  public Scalar lessThan(double other) {
    return of(other).greaterThan(this);
  }

  /** Whether this {@code ==} other: 1 for true, 0 for false. */
  public Scalar equalTo(Scalar other) {
    return binary(Op.EQUAL, other);
  }

  /** Whether this {@code ==} other: 1 for true, 0 for false. */
  public Scalar equalTo(double other) {
    return equalTo(of(other));
  }

  /** Whether this is neither NaN nor infinite. */
  public Scalar isFinite() {
    return unary(Op.IS_FINITE);
  }

  /** Whether both this and the other are true. */
  public Scalar and(Scalar other) {
    return binary(Op.MUL, other);
  }

  /** Whether this or the other is true. */
  public Scalar or(Scalar other) {
    return binary(Op.MAX, other);
  }

  /** Whether this is false. */
  public Scalar not() {
    return equalTo(0);
  }

  /**
   * The first where this is true, else the second: trees, scalars, keys, or records, lists and maps
   * of them, of one form. Of a choice between trees only the one taken is computed.
   *
   * @throws IllegalArgumentException if the two have different forms, structures or other contents
   */
  public <T> T choose(T whenTrue, T whenFalse) {
    return Deferred.choose(this, whenTrue, whenFalse);
  }

  private Scalar binary(Op op, Scalar other) {
    return new Scalar(Node.binary(op, node(), other.node(), null));
  }

  /** The power of two in 1 / this, so that neither it nor the rest leaves the range of a float. */
  Scalar reciprocalPower() {
    return unary(Op.RECIPROCAL_POWER);
  }

  /** 1 / this divided by its power of two. */
  Scalar reciprocalRest() {
    return unary(Op.RECIPROCAL_REST);
  }

  private Scalar unary(Op op) {
    return new Scalar(Node.unary(op, node(), null));
  }

  @Override
  public String toString() {
    return isEvaluated() ? Double.toString(node().value()) : "deferred";
  }
}
