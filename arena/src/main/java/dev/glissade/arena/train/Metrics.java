package dev.glissade.arena.train;

/**
 * The quality of a model on a data set.
 *
 * @param loss the mean loss: cross-entropy in nats, or the squared or Huber loss of standardized
 *     numbers; NaN if an output is NaN
 * @param score for classes the accuracy, the fraction of examples whose class has the largest logit
 *     (the first of equal ones counts; an example with a NaN logit counts as wrong); for numbers
 *     R^2
 */
public record Metrics(double loss, double score) {

  /** Returns whether this is better: a higher score or, with equal scores, a lower loss. */
  boolean isBetterThan(Metrics other) {
    int order = Double.compare(orLowest(score), orLowest(other.score));
    return order > 0 || (order == 0 && loss < other.loss);
  }

  private static double orLowest(double score) {
    return Double.isNaN(score) ? Double.NEGATIVE_INFINITY : score;
  }
}
