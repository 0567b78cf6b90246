package dev.glissade.privacy.accounting;

import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Steps of one kind: of the examples each takes part by itself with the probability q, their
 * gradients are clipped to a norm C and added up, and normal noise of standard deviation
 * noiseMultiplier C is added to the sum.
 *
 * @param samplingRate q, from 0 to 1
 * @param noiseMultiplier sigma; 0 is no privacy at all
 * @param steps how many, at least 0
 */
@Withers
public record SampledGaussian(double samplingRate, double noiseMultiplier, long steps)
    implements GaussianSteps, SampledGaussianWithers {
  private static final double SMALLEST_RATE = 1e-60;

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

  /** Whether these steps tell nothing about any one example. */
  boolean isNothing() {
    return steps == 0 || samplingRate == 0;
  }

  /**
   * Steps whose numbers can be reckoned with, and that reveal at least as much as these: extremely
   * small rates and large noises, at which an epsilon is 0 to all that can be told, are brought
   * back to 1e-60 and 1e60.
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
