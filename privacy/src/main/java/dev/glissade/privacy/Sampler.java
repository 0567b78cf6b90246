package dev.glissade.privacy;

import dev.glissade.privacy.accounting.GaussianSteps;

/** Says which examples a batch has. */
public sealed interface Sampler permits PoissonSampler, ShuffledSampler {

  /** The numbers of the next batch's examples, from 0; may be none. */
  int[] next();

  /** The size of a batch on average, a number that does not depend on the data. */
  double expectedBatch();

  /** One unit of what an accountant counts: a step of Poisson sampling, an epoch of shuffling. */
  GaussianSteps unit(double noiseMultiplier);

  /** Whether a step on the batch drawn last begins another unit. */
  boolean beginsUnit();

  /** Hears that the noise of the batch drawn last is drawn. */
  void used();
}
