package dev.glissade.privacy.accounting;

/** Steps of one kind, which an accountant can add up. */
public sealed interface GaussianSteps permits SampledGaussian, ShuffledGaussian {

  /** {@return the noise's standard deviation over the sensitivity} */
  double noiseMultiplier();

  /** {@return the number of steps of Poisson sampling, or of epochs of shuffled batches} */
  long count();

  /**
   * Returns steps of the same kind with another count.
   *
   * @param count the number of steps or epochs, at least 0
   * @return the steps
   */
  GaussianSteps withCount(long count);

  /** {@return steps with Poisson sampling that reveal at least as much as these} */
  SampledGaussian bound();

  /** {@return the neighbors for which {@link #bound} holds} */
  Adjacency adjacency();

  /**
   * Returns the narrower of two adjacencies, for which the bounds of both hold.
   *
   * @param a the adjacency of some steps
   * @param b the adjacency of other steps
   * @return the adjacency of both together
   */
  static Adjacency common(Adjacency a, Adjacency b) {
    return a == Adjacency.ZERO_OUT_ONE ? a : b;
  }
}
