package dev.glissade.privacy;

import dev.glissade.privacy.accounting.SampledGaussian;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Draws batches in which each example is, by itself, with the probability q: what the accountants'
 * figures are for. Batches have different sizes, and may be empty.
 */
public final class PoissonSampler implements Sampler {
  private final int examples;
  private final double samplingRate;
  private final RandomGenerator random;

  /** A sampler whose batches nobody can foresee. */
  public PoissonSampler(int examples, double samplingRate) {
    this(examples, samplingRate, new SecureBits());
  }

  /** A sampler whose batches are as secret as the generator, for runs that are to be repeated. */
  public PoissonSampler(int examples, double samplingRate, RandomGenerator random) {
    if (examples < 0) {
      throw new IllegalArgumentException("examples must not be negative, but was " + examples);
    }
    this.samplingRate = new SampledGaussian(samplingRate, 1, 1).samplingRate();
    this.examples = examples;
    this.random = random;
  }

  public double samplingRate() {
    return samplingRate;
  }

  @Override
  public double expectedBatch() {
    return samplingRate * examples;
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

  /** The numbers of the next batch's examples, ascending. */
  @Override
  public int[] next() {
    int[] batch = new int[(int) Math.min(examples, 2.0 * examples * samplingRate + 16)];
    int size = 0;
    for (int i = 0; i < examples; i++) {
      if (random.nextDouble() < samplingRate) {
        if (size == batch.length) {
          batch = Arrays.copyOf(batch, (int) Math.min(examples, 2L * size));
        }
        batch[size++] = i;
      }
    }
    return Arrays.copyOf(batch, size);
  }
}
