package dev.glissade.privacy;

import dev.glissade.privacy.accounting.SampledGaussian;
import dev.glissade.records.Check;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Draws batches by Poisson sampling: each example is in a batch with probability q, independently
 * of the others. The accountants' figures are for such batches, which vary in size and may be
 * empty.
 */
public final class PoissonSampler implements Sampler {
  private static final int SECRET_BYTES = 32;

  private final int examples;
  private final double samplingRate;
  private final RandomGenerator random;

  /**
   * Creates a sampler whose batches nobody can predict.
   *
   * @param examples the number of examples, at least 0
   * @param samplingRate the probability q that an example is in a batch, from 0 to 1
   */
  public PoissonSampler(int examples, double samplingRate) {
    this(examples, samplingRate, new SecureBits());
  }

  /**
   * Creates a sampler whose batches are only as secret as the generator, for repeatable runs.
   *
   * @param examples the number of examples, at least 0
   * @param samplingRate the probability q that an example is in a batch, from 0 to 1
   * @param random draws the batches
   */
  public PoissonSampler(int examples, double samplingRate, RandomGenerator random) {
    if (examples < 0) {
      throw new IllegalArgumentException("examples must not be negative, but was " + examples);
    }
    this.samplingRate = new SampledGaussian(samplingRate, 1, 1).samplingRate();
    this.examples = examples;
    this.random = random;
  }

  /**
   * Returns a sampler whose batches a secret determines, for a part of the data that another
   * process samples: asked again, after a failure, it draws the same.
   *
   * @param examples the number of examples in this part, at least 0
   * @param samplingRate the probability q that an example is in a batch, from 0 to 1
   * @param secret 32 bytes from a secure generator, for one batch only
   * @param part the number of this part; parts draw independently
   * @return the sampler
   */
  public static PoissonSampler of(int examples, double samplingRate, byte[] secret, long part) {
    Check.that(secret.length == SECRET_BYTES, "secret must have 32 bytes", secret.length);
    return new PoissonSampler(examples, samplingRate, SecureBits.derived(secret.clone(), part));
  }

  /** {@return the probability q that an example is in a batch} */
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

  /** {@inheritDoc} They are ascending. */
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
