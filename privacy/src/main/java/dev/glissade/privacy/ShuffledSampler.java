package dev.glissade.privacy;

import dev.glissade.privacy.accounting.ShuffledGaussian;
import java.util.random.RandomGenerator;

/**
 * Draws batches of fixed size from the examples in a new random order each epoch. An epoch leaves
 * out the examples that do not fill its last batch. The figures of Poisson sampling do not hold for
 * such batches: see {@link ShuffledGaussian} for those that do.
 */
public final class ShuffledSampler implements Sampler {
  private final int batch;
  private final RandomGenerator random;
  private final int[] order;
  private int taken;
  private boolean begun;

  /**
   * Creates a sampler whose batches nobody can predict.
   *
   * @param examples the number of examples, positive
   * @param batch the size of a batch, from 1 to {@code examples}
   */
  public ShuffledSampler(int examples, int batch) {
    this(examples, batch, new SecureBits());
  }

  /**
   * Creates a sampler whose batches are only as secret as the generator, for repeatable runs.
   *
   * @param examples the number of examples, positive
   * @param batch the size of a batch, from 1 to {@code examples}
   * @param random shuffles the examples
   */
  public ShuffledSampler(int examples, int batch, RandomGenerator random) {
    this.batch = (int) new ShuffledGaussian(examples, batch, 1, 0).batch();
    this.random = random;
    this.order = new int[examples];
    for (int i = 0; i < examples; i++) {
      order[i] = i;
    }
    this.taken = examples;
  }

  @Override
  public int[] next() {
    if (order.length - taken < batch) {
      shuffle();
      taken = 0;
      begun = false;
    }
    int[] next = new int[batch];
    System.arraycopy(order, taken, next, 0, batch);
    taken += batch;
    return next;
  }

  private void shuffle() {
    for (int i = order.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int example = order[i];
      order[i] = order[other];
      order[other] = example;
    }
  }

  @Override
  public double expectedBatch() {
    return batch;
  }

  @Override
  public ShuffledGaussian unit(double noiseMultiplier) {
    return new ShuffledGaussian(order.length, batch, noiseMultiplier, 1);
  }

  /** {@inheritDoc} An epoch counts once its first batch is used. */
  @Override
  public boolean beginsUnit() {
    return !begun;
  }

  @Override
  public void used() {
    begun = true;
  }
}
