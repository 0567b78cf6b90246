package dev.glissade.privacy;

import java.math.BigDecimal;

/**
 * Draws a strip by the alias method (Walker 1977): it draws a column, and then chooses the column's
 * own strip or its alias. Each probability is an integer over 2^62. The strips divide the integers
 * from 0 to about 9 sigma into intervals of equal width; the tail beyond is the last strip.
 */
final class AliasTable {
  private static final int REACH = 9;
  private static final int FINENESS = 16;
  private static final int COLUMN_BITS = 9;
  private static final int COLUMNS = 1 << COLUMN_BITS;
  private static final int CHOICE_BITS = 62 - COLUMN_BITS;
  private static final long ROOM = 1L << CHOICE_BITS;

  private final long width;
  private final int count;
  private final long[] weights = new long[COLUMNS];
  private final double unit;
  private final int[] alias = new int[COLUMNS];
  private final long[] own = new long[COLUMNS];

  AliasTable(long sigma) {
    this.width = Math.max(1, Long.highestOneBit(sigma / FINENESS));
    this.count = (int) ((REACH * sigma + width - 1) / width);
    double[] heights = new double[count + 1];
    double sum = 0;
    double squares = 2.0 * sigma * sigma;
    for (int i = 0; i <= count; i++) {
      double begin = (double) i * width;
      heights[i] = Math.exp(-begin * begin / squares);
      if (i == count) {
        heights[i] /= -Math.expm1(-2 * begin / squares) * width;
      }
      sum += heights[i];
    }
    // Scale to slightly less than 2^62 and round up; the first strip gets the remainder.
    long left = COLUMNS * ROOM;
    double scale = left / sum * (1 - 0x1p-30);
    for (int i = 0; i <= count; i++) {
      weights[i] = (long) Math.ceil(heights[i] * scale);
      left -= weights[i];
    }
    weights[0] += left;
    this.unit = (1 + 0x1p-40) / scale;
    fill();
  }

  /** Fills the columns, which have equal size, each with one strip or two. */
  private void fill() {
    long[] rest = weights.clone();
    for (int filled = 0; filled < COLUMNS; filled++) {
      int column = next(rest, true);
      int large = next(rest, false);
      own[column] = rest[column];
      alias[column] = large < 0 ? column : large;
      if (large >= 0) {
        rest[large] -= ROOM - rest[column];
      }
      rest[column] = -1;
    }
  }

  private static int next(long[] rest, boolean small) {
    for (int i = 0; i < rest.length; i++) {
      if (rest[i] >= 0 && (rest[i] <= ROOM) == small) {
        return i;
      }
    }
    return -1;
  }

  /** Returns a strip, or {@link #count} for the tail, using 62 of these random bits. */
  int draw(long bits) {
    int column = (int) bits & (COLUMNS - 1);
    return bits >>> (Long.SIZE - CHOICE_BITS) < own[column] ? column : alias[column];
  }

  /** Returns how many integers a strip has, a power of two. */
  long width() {
    return width;
  }

  /** Returns the number of strips before the tail. */
  int count() {
    return count;
  }

  /**
   * Returns an upper bound of f in the strip, in proportion to the probability of each of its
   * integers.
   */
  double bound(int strip) {
    return unit * weights[strip];
  }

  BigDecimal exactBound(int strip) {
    return new BigDecimal(unit).multiply(BigDecimal.valueOf(weights[strip]));
  }

  /** Returns an upper bound of the sum of f over the tail, in the same proportion. */
  double tailBound() {
    return bound(count) * width;
  }

  BigDecimal exactTailBound() {
    return exactBound(count).multiply(BigDecimal.valueOf(width));
  }

  /** Returns 2^62 times the probability with which {@link #draw} returns a strip or the tail. */
  long probability(int strip) {
    long sum = 0;
    for (int i = 0; i < COLUMNS; i++) {
      sum += (i == strip ? own[i] : 0) + (alias[i] == strip ? ROOM - own[i] : 0);
    }
    return sum;
  }

  long weight(int strip) {
    return weights[strip];
  }
}
