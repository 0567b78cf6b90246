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
import org.jspecify.annotations.Nullable;

/**
 * A vector of a few scalars, such as one for each beta that an optimizer tries. Arithmetic is
 * deferred, as for {@link Scalar}, and works element by element; an operation with a single number
 * uses it for each element. Operations on two vectors throw an {@link IllegalArgumentException} if
 * their sizes differ.
 *
 * <p>A vector is an unmodifiable list. A state may hold it; its elements are named by their index.
 */
public final class ScalarVector extends AbstractList<Scalar>
    implements RandomAccess, RebuiltList<Scalar> {
  private final List<Scalar> elements;

  private ScalarVector(List<Scalar> elements) {
    this.elements = elements;
  }

  /**
   * {@return a vector of known numbers}
   *
   * @param values the elements
   */
  public static ScalarVector of(double... values) {
    return of(DoubleStream.of(values).mapToObj(Scalar::of).toList());
  }

  /**
   * {@return a vector of these scalars}
   *
   * @param scalars the elements, copied
   */
  public static ScalarVector of(List<Scalar> scalars) {
    return new ScalarVector(List.copyOf(scalars));
  }

  /**
   * {@return a vector of the scalars that a function returns}
   *
   * @param size the number of elements
   * @param element takes an index, from 0
   */
  public static ScalarVector of(int size, IntFunction<Scalar> element) {
    return of(IntStream.range(0, size).mapToObj(element).toList());
  }

  /**
   * {@return a vector of equal elements}
   *
   * @param size the number of elements
   * @param value each element
   */
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
  public ScalarVector rebuilt(List<?> others) {
    return of(others.stream().map(ScalarVector::requireScalar).toList());
  }

  private static Scalar requireScalar(@Nullable Object element) {
    if (element instanceof Scalar scalar) {
      return scalar;
    }
    throw new IllegalArgumentException(
        "an element of a vector of scalars must be a Scalar, but was "
            + (element == null ? "null" : "a " + element.getClass().getSimpleName()));
  }

  /**
   * {@return this + other}
   *
   * @param other a vector of this size
   */
  public ScalarVector plus(ScalarVector other) {
    return with(other, Scalar::plus);
  }

  /**
   * {@return this with a number added to each element}
   *
   * @param other the number to add
   */
  public ScalarVector plus(Scalar other) {
    return each(element -> element.plus(other));
  }

  /**
   * {@return this with a number added to each element}
   *
   * @param other the number to add
   */
  public ScalarVector plus(double other) {
    return plus(Scalar.of(other));
  }

  /**
   * {@return this - other}
   *
   * @param other a vector of this size
   */
  public ScalarVector minus(ScalarVector other) {
    return with(other, Scalar::minus);
  }

  /**
   * {@return this with a number subtracted from each element}
   *
   * @param other the number to subtract
   */
  public ScalarVector minus(Scalar other) {
    return each(element -> element.minus(other));
  }

  /**
   * {@return this with a number subtracted from each element}
   *
   * @param other the number to subtract
   */
  public ScalarVector minus(double other) {
    return minus(Scalar.of(other));
  }

  /**
   * {@return this * other, element by element}
   *
   * @param other a vector of this size
   */
  public ScalarVector times(ScalarVector other) {
    return with(other, Scalar::times);
  }

  /**
   * {@return this with each element multiplied by a number}
   *
   * @param other the factor
   */
  public ScalarVector times(Scalar other) {
    return each(element -> element.times(other));
  }

  /**
   * {@return this with each element multiplied by a number}
   *
   * @param other the factor
   */
  public ScalarVector times(double other) {
    return times(Scalar.of(other));
  }

  /**
   * {@return this / other, element by element}
   *
   * @param other a vector of this size
   */
  public ScalarVector dividedBy(ScalarVector other) {
    return with(other, Scalar::dividedBy);
  }

  /**
   * {@return this with each element divided by a number}
   *
   * @param other the divisor
   */
  public ScalarVector dividedBy(Scalar other) {
    return each(element -> element.dividedBy(other));
  }

  /**
   * {@return this with each element divided by a number}
   *
   * @param other the divisor
   */
  public ScalarVector dividedBy(double other) {
    return dividedBy(Scalar.of(other));
  }

  /**
   * {@return the larger of this and other, element by element; NaN if either is NaN}
   *
   * @param other a vector of this size
   */
  public ScalarVector max(ScalarVector other) {
    return with(other, Scalar::max);
  }

  /**
   * {@return the larger of each element and a number; NaN if either is NaN}
   *
   * @param other the lower bound
   */
  public ScalarVector max(Scalar other) {
    return each(element -> element.max(other));
  }

  /**
   * {@return the larger of each element and a number; NaN if either is NaN}
   *
   * @param other the lower bound
   */
  public ScalarVector max(double other) {
    return max(Scalar.of(other));
  }

  /**
   * {@return the smaller of this and other, element by element; NaN if either is NaN}
   *
   * @param other a vector of this size
   */
  public ScalarVector min(ScalarVector other) {
    return with(other, Scalar::min);
  }

  /**
   * {@return the smaller of each element and a number; NaN if either is NaN}
   *
   * @param other the upper bound
   */
  public ScalarVector min(Scalar other) {
    return each(element -> element.min(other));
  }

  /**
   * {@return the smaller of each element and a number; NaN if either is NaN}
   *
   * @param other the upper bound
   */
  public ScalarVector min(double other) {
    return min(Scalar.of(other));
  }

  /** {@return -this} */
  public ScalarVector negate() {
    return each(Scalar::negate);
  }

  /** {@return the absolute value of each element} */
  public ScalarVector abs() {
    return each(Scalar::abs);
  }

  /** {@return the square of each element} */
  public ScalarVector square() {
    return times(this);
  }

  /** {@return the square root of each element; NaN for a negative one} */
  public ScalarVector sqrt() {
    return each(Scalar::sqrt);
  }

  /** {@return 1 for each element that is neither NaN nor infinite, 0 for the others} */
  public ScalarVector isFinite() {
    return each(Scalar::isFinite);
  }

  /**
   * {@return the first vector's element where this vector is true, else the second's, element by
   * element}
   *
   * @param whenTrue a vector of this size
   * @param whenFalse a vector of this size
   */
  public ScalarVector choose(ScalarVector whenTrue, ScalarVector whenFalse) {
    requireSameSize(whenTrue);
    requireSameSize(whenFalse);
    return of(size(), i -> get(i).choose(whenTrue.get(i), whenFalse.get(i)));
  }

  /** {@return the sum of the elements, added in order; 0 for an empty vector} */
  public Scalar sum() {
    return stream().reduce(Scalar::plus).orElse(Scalar.of(0));
  }

  /**
   * {@return this vector with its numbers computed}
   *
   * @throws IllegalStateException inside a step, where nothing has a value yet
   */
  public ScalarVector evaluate() {
    Driver.requireOutsideOfStep("a vector of scalars");
    return Deferred.evaluated(this);
  }

  /**
   * {@return the numbers}
   *
   * @throws IllegalStateException if an element is not evaluated
   */
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
