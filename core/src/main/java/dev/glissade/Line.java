package dev.glissade;

/**
 * The loss along a line, f(x + s u) for a number s, as a {@link LineSearch} sees it. x are the
 * parameters and u is the direction. A point at which the loss was evaluated last is the current
 * one.
 */
public interface Line {

  /** {@return the first s to try} */
  double guess();

  /** {@return the loss at s = 0} */
  double value0();

  /** {@return the slope at s = 0: the inner product of the gradients and u} */
  double slope0();

  /**
   * Evaluates the loss, without gradients where these cost more.
   *
   * @param s any number
   * @return the loss at x + s u
   */
  double valueAt(double s);

  /**
   * Evaluates the loss and its gradients.
   *
   * @param s any number
   * @return the loss at x + s u
   */
  double evaluate(double s);

  /** {@return the loss at the current point} */
  double value();

  /**
   * {@return the slope at the current point: the inner product of its gradients and u}
   *
   * @throws IllegalStateException if the gradients were not evaluated there
   */
  double slope();

  /** {@return how many times the loss was evaluated} */
  int evaluations();

  /**
   * Says how far the result is from what the search wants; reading it is up to the state of the
   * transformation.
   *
   * @param decreaseError by how much the loss decreases too little
   * @param curvatureError by how much the slope is too steep
   */
  void report(double decreaseError, double curvatureError);
}
