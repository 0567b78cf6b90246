package dev.glissade.privacy;

import dev.glissade.privacy.accounting.GaussianSteps;

/** Says which examples a batch has. */
public sealed interface Sampler permits PoissonSampler, ShuffledSampler {

  /** The numbers of the next batch's examples, from 0; may be none. */
  int[] next();

  /** The size of a batch on average, a number that does not depend on the data. */
  double expectedBatch();

  /** What an accountant needs to know of steps on these batches. */
  GaussianSteps steps(double noiseMultiplier, long steps);
}
