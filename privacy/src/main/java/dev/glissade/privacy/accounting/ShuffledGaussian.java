package dev.glissade.privacy.accounting;

import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Epochs on batches of one size from shuffled examples: in an epoch each example is in one batch at
 * most. The figures of Poisson sampling do not hold for them (they can be far too small: Chua et
 * al. 2024, "How private are DP-SGD implementations?"). What holds is this: one example's gradient
 * enters one noised sum an epoch, so that an epoch reveals as much of it as one sum without any
 * sampling, for two sets of which one has a zero in the place of that example's gradient.
 *
 * @param examples of the set
 * @param batch examples of a batch, at most all
 * @param noiseMultiplier the noise's standard deviation over the sensitivity
 * @param epochs how many were begun, at least 0
 */
@Withers
public record ShuffledGaussian(long examples, long batch, double noiseMultiplier, long epochs)
    implements GaussianSteps, ShuffledGaussianWithers {
  public ShuffledGaussian {
    Check.that(examples > 0, "examples must be positive", examples);
    Check.that(batch > 0 && batch <= examples, "batch must be from 1 to examples", batch);
    Check.that(epochs >= 0, "epochs must not be negative", epochs);
    Check.notNegative("noiseMultiplier", noiseMultiplier);
  }

  @Override
  public long count() {
    return epochs;
  }

  @Override
  public ShuffledGaussian withCount(long count) {
    return new ShuffledGaussian(examples, batch, noiseMultiplier, count);
  }

  @Override
  public SampledGaussian bound() {
    return new SampledGaussian(1, noiseMultiplier, epochs);
  }

  @Override
  public Adjacency adjacency() {
    return Adjacency.ZERO_OUT_ONE;
  }
}
