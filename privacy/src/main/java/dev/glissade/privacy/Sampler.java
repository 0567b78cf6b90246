package dev.glissade.privacy;

import dev.glissade.privacy.accounting.GaussianSteps;

/** Chooses the examples of each batch. */
public sealed interface Sampler permits PoissonSampler, ShuffledSampler, RemoteSampler {

  /** {@return the numbers of the next batch's examples, from 0; empty if it has none} */
  int[] next();

  /** {@return the expected size of a batch, which does not depend on the data} */
  double expectedBatch();

  /**
   * Returns the unit that an accountant counts: one step of Poisson sampling, or one epoch of
   * shuffled batches.
   *
   * @param noiseMultiplier the noise's standard deviation over the sensitivity
   * @return the unit, with count 1
   */
  GaussianSteps unit(double noiseMultiplier);

  /** {@return whether a step on the last batch drawn begins a new unit} */
  boolean beginsUnit();

  /** Notes that the noise for the last batch has been drawn, so that the batch counts. */
  void used();
}
