package dev.glissade.arena.data;

import java.util.SplittableRandom;

/**
 * Shuffles indices, equally on every machine for equal seeds: Fisher-Yates from the last index
 * down, with each partner drawn by {@code new SplittableRandom(seed).nextInt(i + 1)}.
 */
public final class RandomOrder {
  private RandomOrder() {}

  /** Returns 0 to n - 1, shuffled. */
  public static int[] of(int n, long seed) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = n - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }
}
