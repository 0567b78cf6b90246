package dev.glissade.privacy;

/**
 * Adds up what steps reveal. What it states is never below the truth, for Poisson sampling and for
 * data sets that differ by one example more or less.
 */
public interface Accountant {

  /** Takes note of some steps. */
  void add(SampledGaussian steps);

  /**
   * The smallest epsilon that this accountant can state at a delta; infinite if none.
   *
   * @throws IllegalArgumentException if delta is not between 0 and 1
   */
  Guarantee epsilon(double delta);

  /** The smallest delta that this accountant can state at an epsilon. */
  double delta(double epsilon);
}
