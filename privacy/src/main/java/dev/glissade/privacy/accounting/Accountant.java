package dev.glissade.privacy.accounting;

/**
 * Adds up what steps reveal. What it states is never below the truth, for the adjacency that the
 * {@link Guarantee} names: one example more or less, where all steps were on batches by Poisson
 * sampling.
 */
public interface Accountant {

  /** Takes note of some steps. */
  void add(GaussianSteps steps);

  /**
   * The smallest epsilon that this accountant can state at a delta; infinite if none.
   *
   * @throws IllegalArgumentException if delta is not between 0 and 1
   */
  Guarantee epsilon(double delta);

  /**
   * Whether this accountant can state an epsilon of no more than this at a delta, which may be
   * sooner known than the smallest.
   */
  default boolean keeps(double epsilon, double delta) {
    return epsilon(delta).epsilon() <= epsilon;
  }

  /** The smallest delta that this accountant can state at an epsilon. */
  double delta(double epsilon);
}
