package dev.glissade.privacy.accounting;

import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Steps with Poisson sampling: each example takes part with probability q, independently of the
 * others; the gradients are clipped to norm C and added up, and Gaussian noise of standard
 * deviation noiseMultiplier C is added to the sum.
 *
 * @param samplingRate q, from 0 to 1
 * @param noiseMultiplier sigma; 0 means no privacy at all
 * @param steps the number of steps, at least 0
 */
@Withers
public record SampledGaussian(double samplingRate, double noiseMultiplier, long steps)
    implements GaussianSteps, SampledGaussianWithers {
  private static final double SMALLEST_RATE = 1e-60;

  /**
   * Checks the arguments.
   *
   * @param samplingRate from 0 to 1
   * @param noiseMultiplier finite and not negative
   * @param steps not negative
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public SampledGaussian {
    if (!(samplingRate >= 0 && samplingRate <= 1)) {
      throw new IllegalArgumentException(
          "samplingRate must be from 0 to 1, but was " + samplingRate);
    }
    Check.notNegative("noiseMultiplier", noiseMultiplier);
    if (steps < 0) {
      throw new IllegalArgumentException("steps must not be negative, but was " + steps);
    }
  }

  /** Returns whether these steps reveal nothing about any example. */
  boolean isNothing() {
    return steps == 0 || samplingRate == 0;
  }

  /**
   * Returns steps that reveal at least as much as these and whose numbers do not underflow: limits
   * the rate to at least 1e-60 and the noise to at most 1e60, where an epsilon is practically 0.
   */
  SampledGaussian withinReach() {
    return new SampledGaussian(
        samplingRate == 0 ? 0 : Math.max(samplingRate, SMALLEST_RATE),
        Math.min(noiseMultiplier, 1 / SMALLEST_RATE),
        steps);
  }

  @Override
  public long count() {
    return steps;
  }

  @Override
  public SampledGaussian withCount(long count) {
    return new SampledGaussian(samplingRate, noiseMultiplier, count);
  }

  @Override
  public SampledGaussian bound() {
    return this;
  }

  @Override
  public Adjacency adjacency() {
    return Adjacency.ADD_OR_REMOVE_ONE;
  }
}
