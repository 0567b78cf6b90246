package dev.glissade;

import dev.glissade.records.RebuiltList;
import java.util.AbstractList;
import java.util.Collections;
import java.util.List;
import java.util.RandomAccess;
import java.util.function.BinaryOperator;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A few scalars, such as one for each beta that an optimizer tries. Arithmetic is element by
 * element and deferred, as that of {@link Scalar}; with a single number, that number is used for
 * each element. An unmodifiable list: a state may hold it, and names its elements by their index.
 */
public final class ScalarVector extends AbstractList<Scalar>
    implements RandomAccess, RebuiltList<Scalar> {
  private final List<Scalar> elements;

  private ScalarVector(List<Scalar> elements) {
    this.elements = elements;
  }

  /** Returns a vector of known numbers. */
  public static ScalarVector of(double... values) {
    return of(DoubleStream.of(values).mapToObj(Scalar::of).toList());
  }

  /** Returns a vector of these scalars. */
  public static ScalarVector of(List<Scalar> scalars) {
    return new ScalarVector(List.copyOf(scalars));
  }

  /** Returns a vector of the scalars that a function gives by their indices. */
  public static ScalarVector of(int size, IntFunction<Scalar> element) {
    return of(IntStream.range(0, size).mapToObj(element).toList());
  }

  /** Returns a vector of this size, each element the scalar. */
  public static ScalarVector fill(int size, Scalar value) {
    return of(Collections.nCopies(size, value));
  }

  @Override
  public Scalar get(int index) {
    return elements.get(index);
  }

  @Override
  public int size() {
    return elements.size();
  }

  @Override
  public ScalarVector rebuilt(List<Scalar> others) {
    return of(others);
  }

  /** this + other */
  public ScalarVector plus(ScalarVector other) {
    return with(other, Scalar::plus);
  }

  /** this + other, each element */
  public ScalarVector plus(Scalar other) {
    return each(element -> element.plus(other));
  }

  /** this + other, each element */
  public ScalarVector plus(double other) {
    return plus(Scalar.of(other));
  }

  /** this - other */
  public ScalarVector minus(ScalarVector other) {
    return with(other, Scalar::minus);
  }

  /** this - other, each element */
  public ScalarVector minus(Scalar other) {
    return each(element -> element.minus(other));
  }

  /** this - other, each element */
  public ScalarVector minus(double other) {
    return minus(Scalar.of(other));
  }

  /** this * other */
  public ScalarVector times(ScalarVector other) {
    return with(other, Scalar::times);
  }

  /** this * other, each element */
  public ScalarVector times(Scalar other) {
    return each(element -> element.times(other));
  }

  /** this * other, each element */
  public ScalarVector times(double other) {
    return times(Scalar.of(other));
  }

  /** this / other */
  public ScalarVector dividedBy(ScalarVector other) {
    return with(other, Scalar::dividedBy);
  }

  /** this / other, each element */
  public ScalarVector dividedBy(Scalar other) {
    return each(element -> element.dividedBy(other));
  }

  /** this / other, each element */
  public ScalarVector dividedBy(double other) {
    return dividedBy(Scalar.of(other));
  }

  /** The larger, element by element; NaN if either is. */
  public ScalarVector max(ScalarVector other) {
    return with(other, Scalar::max);
  }

  /** The larger, each element; NaN if either is. */
  public ScalarVector max(Scalar other) {
    return each(element -> element.max(other));
  }

  /** The larger, each element; NaN if either is. */
  public ScalarVector max(double other) {
    return max(Scalar.of(other));
  }

  /** The smaller, element by element; NaN if either is. */
  public ScalarVector min(ScalarVector other) {
    return with(other, Scalar::min);
  }

  /** The smaller, each element; NaN if either is. */
  public ScalarVector min(Scalar other) {
    return each(element -> element.min(other));
  }

  /** The smaller, each element; NaN if either is. */
  public ScalarVector min(double other) {
    return min(Scalar.of(other));
  }

  /** -this */
  public ScalarVector negate() {
    return each(Scalar::negate);
  }

  /** |this| */
  public ScalarVector abs() {
    return each(Scalar::abs);
  }

  /** this * this */
  public ScalarVector square() {
    return times(this);
  }

  /** The square roots; NaN of a negative number. */
  public ScalarVector sqrt() {
    return each(Scalar::sqrt);
  }

  /** Whether each element is neither NaN nor infinite: 1 for true, 0 for false. */
  public ScalarVector isFinite() {
    return each(Scalar::isFinite);
  }

  /** The first where this element is true, else the second, element by element. */
  public ScalarVector choose(ScalarVector whenTrue, ScalarVector whenFalse) {
    requireSameSize(whenTrue);
    requireSameSize(whenFalse);
    return of(size(), i -> get(i).choose(whenTrue.get(i), whenFalse.get(i)));
  }

  /** The sum of the elements, added in order; 0 of an empty vector. */
  public Scalar sum() {
    return stream().reduce(Scalar::plus).orElse(Scalar.of(0));
  }

  /**
   * Returns this vector with its numbers computed.
   *
   * @throws IllegalStateException inside of a step, where nothing has a value yet
   */
  public ScalarVector evaluate() {
    Driver.requireOutsideOfStep("a vector of scalars");
    return Deferred.evaluated(this);
  }

  /** Returns the numbers; they must be evaluated. */
  public double[] toDoubles() {
    return stream().mapToDouble(Scalar::value).toArray();
  }

  private ScalarVector each(UnaryOperator<Scalar> function) {
    return of(elements.stream().map(function).toList());
  }

  private ScalarVector with(ScalarVector other, BinaryOperator<Scalar> function) {
    requireSameSize(other);
    return of(size(), i -> function.apply(get(i), other.get(i)));
  }

  private void requireSameSize(ScalarVector other) {
    if (other.size() != size()) {
      throw new IllegalArgumentException(
          "the other vector must have %d elements, as this one, but had %d"
              .formatted(size(), other.size()));
    }
  }
}
