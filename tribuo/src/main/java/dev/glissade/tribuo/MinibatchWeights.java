package dev.glissade.tribuo;

import dev.glissade.records.Check;

/**
 * Converts Tribuo's gradients and weights. Its gradients are those of ascent; those of a minibatch
 * are B times the sum over its examples, B being the minibatch size, and their weight is the sum of
 * the examples' weights divided by B.
 *
 * @param size the trainer's minibatch size
 * @param weighted whether examples in minibatches have weights other than 1
 */
record MinibatchWeights(int size, boolean weighted) {
  /** How far a number of examples may be from a whole number, by rounding. */
  private static final double ROUNDING = 1e-6;

  /**
   * Returns the factor that makes the mean gradient of descent of Tribuo's.
   *
   * @throws IllegalArgumentException if the weight is not finite, or not one of a minibatch
   */
  double factor(double weight) {
    Check.finite("weight", weight);
    if (size == 1) {
      return -weight;
    }
    double squared = (double) size * size;
    if (weighted) {
      return -weight / squared;
    }
    double examples = weight * size;
    double whole = Math.rint(examples);
    if (Math.abs(examples - whole) > ROUNDING || whole < 1 || whole > size) {
      throw new IllegalArgumentException(
          ("the weight of a minibatch must be its number of examples divided by minibatchSize %d,"
                  + " but was %s: set minibatchSize to the trainer's, and weighted(true) if examples"
                  + " have weights")
              .formatted(size, weight));
    }
    return -1 / (squared * weight);
  }
}
