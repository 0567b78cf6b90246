package dev.glissade.privacy;

import dev.glissade.privacy.accounting.SampledGaussian;

/**
 * Stands for Poisson sampling that other processes do, each for its part of the data.
 *
 * @param samplingRate the probability q that an example is in a batch
 * @param expectedBatch q times the number of examples
 */
record RemoteSampler(double samplingRate, double expectedBatch) implements Sampler {
  @Override
  public int[] next() {
    throw new IllegalStateException(
        "the batch must be drawn by the processes that have the data: call begin");
  }

  @Override
  public SampledGaussian unit(double noiseMultiplier) {
    return new SampledGaussian(samplingRate, noiseMultiplier, 1);
  }

  @Override
  public boolean beginsUnit() {
    return true;
  }

  @Override
  public void used() {}
}
