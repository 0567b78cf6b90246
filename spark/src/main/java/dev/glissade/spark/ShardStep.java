package dev.glissade.spark;

import java.util.SplittableRandom;

/**
 * Where in a training a gradient is computed. All that is drawn must depend on nothing else, so
 * that a repeated task computes the same bits.
 *
 * @param step the number of the step, from 1
 * @param rank the number of the partition, from 0
 * @param ranks the number of partitions
 * @param index the number of the shard among those of this step and partition, from 0
 * @param seed the training's seed
 */
public record ShardStep(long step, int rank, int ranks, int index, long seed) {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  /**
   * Returns a generator for what is random here, such as the rows of a minibatch. Each call starts
   * the same sequence again.
   *
   * @return a generator that depends on seed, step, rank and index only
   */
  public SplittableRandom random() {
    return new SplittableRandom(mixed(seed, step, rank, index));
  }

  /** Mixes numbers, one after another, as SplitMix64 does. */
  static long mixed(long... numbers) {
    long mixed = 0;
    for (long number : numbers) {
      mixed = mix(mixed + number + GOLDEN_GAMMA);
    }
    return mixed;
  }

  private static long mix(long bits) {
    long z = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
