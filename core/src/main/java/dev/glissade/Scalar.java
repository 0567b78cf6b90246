package dev.glissade;

import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.graph.Op;
import dev.glissade.fuse.graph.Target;
import dev.glissade.fuse.run.Execution;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A double with deferred arithmetic. Operations compute nothing until {@link #evaluate}; scalars in
 * the results of {@link GradientTransformation#update} and {@code apply} are evaluated. Comparisons
 * return 1 for true and 0 for false; a condition is true unless it is 0.
 */
public final class Scalar extends Deferred {
  /** Creates a deferred number. */
  Scalar(Node node) {
    this(node, false);
  }

  private Scalar(Node node, boolean evaluated) {
    super(node, evaluated);
  }

  /**
   * {@return a scalar with a known value}
   *
   * @param value the number
   */
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
   * @return the value
   * @throws IllegalStateException if this scalar is not evaluated: outside a step, call {@link
   *     #evaluate}; inside a step, use {@link #choose} and {@link #map}
   */
  public double value() {
    if (!isEvaluated()) {
      throw new IllegalStateException(
          "a scalar must be evaluated before its value is read: call evaluate(); inside a step,"
              + " where it has no value yet, use choose or map");
    }
    return node().value();
  }

  /**
   * Computes the number, in one pass over what it depends on.
   *
   * @return a scalar that has a {@link #value}; this scalar if it has one already
   * @throws IllegalStateException inside a step, where nothing has a value yet
   */
  public Scalar evaluate() {
    Driver.requireOutsideOfStep("a scalar");
    return evaluated(this);
  }

  /**
   * {@return this + other}
   *
   * @param other the number to add
   */
  public Scalar plus(Scalar other) {
    return binary(Op.ADD, other);
  }

  /**
   * {@return this + other}
   *
   * @param other the number to add
   */
  public Scalar plus(double other) {
    return plus(of(other));
  }

  /**
   * {@return the tree with this added to each element}
   *
   * @param other a tree of real leaves
   */
  public Tree plus(Tree other) {
    return other.plus(this);
  }

  /**
   * {@return this - other}
   *
   * @param other the number to subtract
   */
  public Scalar minus(Scalar other) {
    return binary(Op.SUB, other);
  }

  /**
   * {@return this - other}
   *
   * @param other the number to subtract
   */
  public Scalar minus(double other) {
    return minus(of(other));
  }

  /**
   * {@return a tree of this - x for each element x}
   *
   * @param other a tree of real leaves
   */
  public Tree minus(Tree other) {
    return other.negate().plus(this);
  }

  /**
   * {@return this * other}
   *
   * @param other the factor
   */
  public Scalar times(Scalar other) {
    return binary(Op.MUL, other);
  }

  /**
   * {@return this * other}
   *
   * @param other the factor
   */
  public Scalar times(double other) {
    return times(of(other));
  }

  /**
   * {@return the tree with each element multiplied by this}
   *
   * @param other the tree to scale
   */
  public Tree times(Tree other) {
    return other.times(this);
  }

  /**
   * {@return this / other}
   *
   * @param other the divisor
   */
  public Scalar dividedBy(Scalar other) {
    return binary(Op.DIV, other);
  }

  /**
   * {@return this / other}
   *
   * @param other the divisor
   */
  public Scalar dividedBy(double other) {
    return dividedBy(of(other));
  }

  /**
   * {@return this / other} The name that Kotlin's {@code /} calls.
   *
   * @param other the divisor
   */
  public Scalar div(Scalar other) {
    return dividedBy(other);
  }

  /**
   * {@return this / other} The name that Kotlin's {@code /} calls.
   *
   * @param other the divisor
   */
  public Scalar div(double other) {
    return dividedBy(other);
  }

  /** {@return -this} The name that Kotlin's {@code -} calls. */
  public Scalar unaryMinus() {
    return negate();
  }

  /**
   * {@return the larger of this and other; NaN if either is NaN}
   *
   * @param other the lower bound
   */
  public Scalar max(Scalar other) {
    return binary(Op.MAX, other);
  }

  /**
   * {@return the larger of this and other; NaN if either is NaN}
   *
   * @param other the lower bound
   */
  public Scalar max(double other) {
    return max(of(other));
  }

  /**
   * {@return the smaller of this and other; NaN if either is NaN}
   *
   * @param other the upper bound
   */
  public Scalar min(Scalar other) {
    return binary(Op.MIN, other);
  }

  /**
   * {@return the smaller of this and other; NaN if either is NaN}
   *
   * @param other the upper bound
   */
  public Scalar min(double other) {
    return min(of(other));
  }

  /**
   * {@return this to the power of the exponent}
   *
   * @param exponent the power
   */
  public Scalar pow(Scalar exponent) {
    return binary(Op.POW, exponent);
  }

  /**
   * {@return this to the power of the exponent}
   *
   * @param exponent the power
   */
  public Scalar pow(double exponent) {
    return pow(of(exponent));
  }

  /**
   * {@return the base to the power of this}
   *
   * @param base the number to raise
   */
  public Scalar powerOf(double base) {
    return of(base).pow(this);
  }

  /** {@return -this} */
  public Scalar negate() {
    return unary(Op.NEG);
  }

  /** {@return the absolute value} */
  public Scalar abs() {
    return unary(Op.ABS);
  }

  /** {@return the square root; NaN for a negative number} */
  public Scalar sqrt() {
    return unary(Op.SQRT);
  }

  /** {@return e to the power of this} */
  public Scalar exp() {
    return unary(Op.EXP);
  }

  /** {@return the natural logarithm; NaN for a negative number} */
  public Scalar log() {
    return unary(Op.LOG);
  }

  /**
   * {@return the function of this number, deferred}
   *
   * @param function a pure function: it may be called at any time and any number of times
   */
  public Scalar map(DoubleUnaryOperator function) {
    return new Scalar(Node.map(node(), function));
  }

  /**
   * {@return 1 if this {@code >} other, else 0}
   *
   * @param other the number to compare with
   */
  public Scalar greaterThan(Scalar other) {
    return binary(Op.GREATER, other);
  }

  /**
   * {@return 1 if this {@code >} other, else 0}
   *
   * @param other the number to compare with
   */
  public Scalar greaterThan(double other) {
    return greaterThan(of(other));
  }

  /**
   * {@return 1 if this {@code <} other, else 0}
   *
   * @param other the number to compare with
   */
  public Scalar lessThan(Scalar other) {
    return other.greaterThan(this);
  }

  /**
   * {@return 1 if this {@code <} other, else 0}
   *
   * @param other the number to compare with
   */
  public Scalar lessThan(double other) {
    return of(other).greaterThan(this);
  }

  /**
   * {@return 1 if this {@code ==} other, else 0}
   *
   * @param other the number to compare with
   */
  public Scalar equalTo(Scalar other) {
    return binary(Op.EQUAL, other);
  }

  /**
   * {@return 1 if this {@code ==} other, else 0}
   *
   * @param other the number to compare with
   */
  public Scalar equalTo(double other) {
    return equalTo(of(other));
  }

  /** {@return 1 if this is neither NaN nor infinite, else 0} */
  public Scalar isFinite() {
    return unary(Op.IS_FINITE);
  }

  /**
   * {@return 1 if both conditions are 1, else 0}
   *
   * @param other a condition, 0 or 1
   */
  public Scalar and(Scalar other) {
    return binary(Op.MUL, other);
  }

  /**
   * {@return 1 if at least one condition is 1, else 0}
   *
   * @param other a condition, 0 or 1
   */
  public Scalar or(Scalar other) {
    return binary(Op.MAX, other);
  }

  /** {@return 1 if this is 0, else 0} */
  public Scalar not() {
    return equalTo(0);
  }

  /**
   * Returns one of two values, depending on this condition. Where a tree is chosen, only the chosen
   * one is computed.
   *
   * @param <T> a tree, a scalar, a key, or a record, list or map of these
   * @param whenTrue the result if this is true
   * @param whenFalse the result if this is false, of the same form
   * @return the chosen value, deferred
   * @throws IllegalArgumentException if the two differ in form, in structure or in anything but
   *     trees, scalars and keys
   */
  public <T> T choose(T whenTrue, T whenFalse) {
    return Deferred.choose(this, whenTrue, whenFalse);
  }

  private Scalar binary(Op op, Scalar other) {
    return new Scalar(Node.binary(op, node(), other.node(), null));
  }

  /**
   * Returns the power of two in 1 / this, so that neither it nor the rest leaves the range of a
   * float.
   */
  Scalar reciprocalPower() {
    return unary(Op.RECIPROCAL_POWER);
  }

  /** Returns 1 / this divided by its power of two. */
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
