package dev.glissade;

import dev.glissade.fuse.graph.Node;

/**
 * A hyperparameter as a function of the number of steps taken before this one: {@code at(0)} is
 * read at the first step.
 */
@FunctionalInterface
public interface Schedule {

  /** The value for the step with this count; the first step has count 0. It must be pure. */
  double at(double count);

  /** The value for a count that may not be known yet. */
  default Scalar at(Scalar count) {
    return new Scalar(Node.map(count.node(), this::at));
  }
}
