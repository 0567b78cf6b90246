package dev.glissade.projection;

import dev.glissade.Scalar;
import dev.glissade.Tree;

/**
 * The index of this package. Each method returns a {@link Projection}, which takes a tree as one
 * vector of all its elements: {@code Projections.simplex(1).of(x)}.
 *
 * <p>A method throws {@link IllegalArgumentException} for an argument that breaks its rule.
 */
public final class Projections {
  private Projections() {}

  /**
   * Returns {@link NonNegative}: {@code max(x, 0)}.
   *
   * @return the projection
   */
  public static NonNegative nonNegative() {
    return new NonNegative();
  }

  /**
   * Returns a {@link Box}: each element in the same interval.
   *
   * @param lower the least value of an element; -infinity for no bound
   * @param upper the largest value of an element, not less than lower; infinity for no bound
   * @return the projection
   */
  public static Box box(double lower, double upper) {
    return new Box(lower, upper);
  }

  /**
   * Returns a projection of each element to an interval of its own: {@code min(max(x, lower),
   * upper)}.
   *
   * @param lower the least value of each element, in the form of x; not copied
   * @param upper the largest value of each element, in the form of x; not copied
   * @return the projection
   */
  public static Projection box(Tree lower, Tree upper) {
    return x -> x.max(lower).min(upper);
  }

  /**
   * Returns a {@link Hypercube}: each element from 0 to scale.
   *
   * @param scale the length of an edge of the cube, not negative
   * @return the projection
   */
  public static Hypercube hypercube(double scale) {
    return new Hypercube(scale);
  }

  /**
   * Returns a {@link Simplex}: elements that are not negative and add up to scale.
   *
   * @param scale the sum of the elements, not negative; 1 for probabilities
   * @return the projection
   */
  public static Simplex simplex(double scale) {
    return new Simplex(scale);
  }

  /**
   * Returns an {@link L1Ball}: absolute values that add up to at most scale.
   *
   * @param scale the largest L1 norm, not negative
   * @return the projection
   */
  public static L1Ball l1Ball(double scale) {
    return new L1Ball(scale);
  }

  /**
   * Returns an {@link L1Sphere}: absolute values that add up to scale.
   *
   * @param scale the L1 norm, not negative
   * @return the projection
   */
  public static L1Sphere l1Sphere(double scale) {
    return new L1Sphere(scale);
  }

  /**
   * Returns an {@link L2Ball}: a norm of at most scale.
   *
   * @param scale the largest norm, not negative
   * @return the projection
   */
  public static L2Ball l2Ball(double scale) {
    return new L2Ball(scale);
  }

  /**
   * Returns an {@link L2Sphere}: a norm of scale.
   *
   * @param scale the norm, not negative
   * @return the projection
   */
  public static L2Sphere l2Sphere(double scale) {
    return new L2Sphere(scale);
  }

  /**
   * Returns a {@link LinfBall}: each element from -scale to scale.
   *
   * @param scale the largest absolute value of an element, not negative
   * @return the projection
   */
  public static LinfBall linfBall(double scale) {
    return new LinfBall(scale);
  }

  /**
   * Returns the projection to the multiples of a vector: {@code a <x, a> / <a, a>}; 0 if a is 0.
   *
   * @param a the vector, in the form of x; not copied
   * @return the projection
   */
  public static Projection vector(Tree a) {
    return x -> {
      Tree direction = a.normalized();
      return direction.times(x.dot(direction));
    };
  }

  /**
   * Returns the projection to the hyperplane {@code <a, x> = b}: {@code x + a (b - <a, x>) / <a,
   * a>}; x if a is 0.
   *
   * @param a the normal vector, in the form of x; not copied
   * @param b the inner product of a with each point of the hyperplane
   * @return the projection
   */
  public static Projection hyperplane(Tree a, double b) {
    return x -> x.plus(a.normalized().times(distance(x, a, b)));
  }

  /**
   * Returns the projection to the half-space {@code <a, x> <= b}: {@code x + a min((b - <a, x>) /
   * <a, a>, 0)}; x if a is 0.
   *
   * @param a the normal vector, which points out of the half-space, in the form of x; not copied
   * @param b the largest inner product of a with a point of the half-space
   * @return the projection
   */
  public static Projection halfspace(Tree a, double b) {
    return x -> x.plus(a.normalized().times(distance(x, a, b).min(0)));
  }

  /** Returns how far x is from the hyperplane, along a; 0 if a is 0. */
  private static Scalar distance(Tree x, Tree a, double b) {
    Scalar norm = a.norm();
    Scalar along = Scalar.of(b).dividedBy(norm).minus(x.dot(a.normalized()));
    return norm.equalTo(0).choose(Scalar.of(0), along);
  }
}
