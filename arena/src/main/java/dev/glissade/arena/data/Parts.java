package dev.glissade.arena.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Divides rows into a train, a validation and a test part: 60, 20 and 20 % of data without a test
 * part of its own, else 80 and 20 % into train and validation. Each class is divided alike, up to
 * one row; a class with a single row goes to the train part. The seed determines the result.
 *
 * @param test empty if the data has a test part of its own
 */
record Parts(int[] train, int[] validation, int[] test) {
  /** The fewest rows of which no part is empty. */
  static final int FEWEST = 5;

  private static final int PERIOD = 5;
  private static final int VALIDATION = 3;
  private static final int TEST = 1;

  /** Returns the part of a place in the order of classes: 0 train, 1 validation, 2 test. */
  private static int part(int place, boolean ownTest) {
    int phase = place % PERIOD;
    return phase == VALIDATION ? 1 : phase == TEST && !ownTest ? 2 : 0;
  }

  /**
   * Divides rows at random, each class alike.
   *
   * @param counts the number of rows of each class
   * @param ownTest whether the data has a test part of its own
   */
  static Parts of(Labels labels, int[] counts, boolean ownTest, long seed) {
    int n = labels.size();
    int[] next = starts(counts);
    byte[] part = new byte[n];
    for (int row : RandomOrder.of(n, seed)) {
      int k = labels.classOf(row);
      part[row] = (byte) (next[k] < 0 ? 0 : part(next[k]++, ownTest));
    }
    return collected(part, ownTest);
  }

  /** Divides rows at random without a look at them. */
  static Parts blind(int n, boolean ownTest, long seed) {
    byte[] part = new byte[n];
    int place = 0;
    for (int row : RandomOrder.of(n, seed)) {
      part[row] = (byte) part(place++, ownTest);
    }
    return collected(part, ownTest);
  }

  /** Returns the place of the first row of each class; -1 for a single row that must train. */
  private static int[] starts(int[] counts) {
    int singles = (int) Arrays.stream(counts).filter(count -> count == 1).count();
    boolean spared = IntStream.of(counts).sum() - singles >= FEWEST;
    int[] starts = new int[counts.length];
    int place = 0;
    for (int k = 0; k < counts.length; k++) {
      boolean single = counts[k] == 1 && spared;
      starts[k] = single ? -1 : place;
      place += single ? 0 : counts[k];
    }
    return starts;
  }

  private static Parts collected(byte[] part, boolean ownTest) {
    int[] sizes = new int[3];
    for (byte p : part) {
      sizes[p]++;
    }
    int[][] rows = {new int[sizes[0]], new int[sizes[1]], new int[ownTest ? 0 : sizes[2]]};
    Arrays.fill(sizes, 0);
    for (int row = 0; row < part.length; row++) {
      rows[part[row]][sizes[part[row]]++] = row;
    }
    return new Parts(rows[0], rows[1], rows[2]);
  }

  /** Returns the sizes of the parts of rows with these classes. */
  static int[] sizes(int[] counts, boolean ownTest) {
    int[] sizes = new int[3];
    int[] starts = starts(counts);
    for (int k = 0; k < counts.length; k++) {
      for (int i = 0; i < counts[k]; i++) {
        sizes[starts[k] < 0 ? 0 : part(starts[k] + i, ownTest)]++;
      }
    }
    return sizes;
  }

  /** Refuses data with too few rows to divide. */
  static void check(String name, int rows, String what) {
    if (rows < FEWEST) {
      throw new DataException(
          "%s must have at least %d %s to be divided into train, validation and test parts, but had %d"
              .formatted(name, FEWEST, what, rows));
    }
  }
}
