package dev.glissade;

import dev.glissade.fuse.graph.Node;

/**
 * A hyperparameter as a function of the number of steps taken so far; the first step uses {@code
 * at(0)}.
 */
@FunctionalInterface
public interface Schedule {

  /**
   * Returns the value for a step. It must be a pure function.
   *
   * @param count the number of steps taken before this one; 0 for the first step
   * @return the hyperparameter
   */
  double at(double count);

  /**
   * Returns the value for a count that may still be deferred.
   *
   * @param count the number of steps taken before this one
   * @return the hyperparameter, deferred
   */
  default Scalar at(Scalar count) {
    return new Scalar(Node.map(count.node(), this::at));
  }
}
