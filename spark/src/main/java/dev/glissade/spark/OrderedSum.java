package dev.glissade.spark;

import java.util.HashMap;
import java.util.Map;

/** Adds up the numbers of ranks in the order of ranks, in whatever order they arrive. */
final class OrderedSum {
  private final Frames sum;
  private final Map<Integer, byte[][]> waiting = new HashMap<>();
  private int next;

  /**
   * Takes the numbers that the sum overwrites.
   *
   * @param sum the frames of the numbers
   */
  OrderedSum(Frames sum) {
    this.sum = sum;
  }

  synchronized void add(int rank, byte[][] numbers) {
    waiting.put(rank, numbers);
    for (byte[][] now = waiting.remove(next); now != null; now = waiting.remove(next)) {
      if (next == 0) {
        sum.set(now);
      } else {
        sum.add(now);
      }
      next++;
    }
  }

  /** Returns how many ranks are in the sum. */
  synchronized int ranks() {
    return next;
  }
}
