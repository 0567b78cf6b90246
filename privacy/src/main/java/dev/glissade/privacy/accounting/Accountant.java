package dev.glissade.privacy.accounting;

/**
 * Adds up what steps reveal. Its epsilons and deltas are upper bounds, for the adjacency that the
 * {@link Guarantee} names: adding or removing one example if all batches were drawn by Poisson
 * sampling.
 */
public interface Accountant {

  /**
   * Adds some steps.
   *
   * @param steps the kind of steps and their count
   */
  void add(GaussianSteps steps);

  /**
   * Computes the smallest epsilon that this accountant can state for all steps.
   *
   * @param delta the delta to state it for, between 0 and 1
   * @return the guarantee; its epsilon is infinite if this accountant can state none
   * @throws IllegalArgumentException if {@code delta} is not between 0 and 1
   */
  Guarantee epsilon(double delta);

  /**
   * Returns whether all steps stay within an epsilon and a delta. This can be faster than {@link
   * #epsilon}.
   *
   * @param epsilon the largest epsilon allowed
   * @param delta the delta to state it for, between 0 and 1
   * @return whether this accountant can state an epsilon of at most {@code epsilon}
   */
  default boolean keeps(double epsilon, double delta) {
    return epsilon(delta).epsilon() <= epsilon;
  }

  /**
   * Computes the smallest delta that this accountant can state for all steps.
   *
   * @param epsilon the epsilon to state it for, not negative
   * @return the delta, at most 1
   */
  double delta(double epsilon);
}
