package dev.glissade.privacy.accounting;

/** Steps of one kind that an accountant can add up. */
public sealed interface GaussianSteps permits SampledGaussian, ShuffledGaussian {

  /** The noise's standard deviation over the sensitivity. */
  double noiseMultiplier();

  /** How many: steps of Poisson sampling, epochs of shuffled batches. */
  long count();

  /** So many of the same kind. */
  GaussianSteps withCount(long count);

  /** Steps with Poisson sampling that reveal at least as much as these. */
  SampledGaussian bound();

  /** Which two sets of examples {@link #bound} is about. */
  Adjacency adjacency();

  /** The more special of the two, for which both hold. */
  static Adjacency common(Adjacency a, Adjacency b) {
    return a == Adjacency.ZERO_OUT_ONE ? a : b;
  }
}
