package dev.glissade.privacy.accounting;

import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Epochs on batches of fixed size from shuffled examples: in an epoch, each example is in at most
 * one batch. The figures of Poisson sampling do not hold for them; they can be far too small (Chua
 * et al. 2024, "How private are DP-SGD implementations?"). What does hold: one example's gradient
 * enters one noised sum per epoch, so an epoch reveals as much about it as one sum without
 * sampling, for two sets that differ in that example's gradient being zero.
 *
 * @param examples the number of examples, positive
 * @param batch the number of examples in a batch, from 1 to {@code examples}
 * @param noiseMultiplier the noise's standard deviation over the sensitivity
 * @param epochs the number of epochs begun, at least 0
 */
@Withers
public record ShuffledGaussian(long examples, long batch, double noiseMultiplier, long epochs)
    implements GaussianSteps, ShuffledGaussianWithers {
  /**
   * Checks the arguments.
   *
   * @param examples positive
   * @param batch from 1 to {@code examples}
   * @param noiseMultiplier finite and not negative
   * @param epochs not negative
   * @throws IllegalArgumentException if an argument breaks its rule
   */
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
