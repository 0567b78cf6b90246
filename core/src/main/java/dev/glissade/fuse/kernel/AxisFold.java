package dev.glissade.fuse.kernel;

import dev.glissade.fuse.graph.AxisMap;
import dev.glissade.fuse.graph.AxisReduction.Fold;
import dev.glissade.fuse.tape.Ranges;
import java.util.Arrays;

/**
 * Reduces the elements of ranges over some axes into a window of the result, in double. Floats are
 * first added up in float: up to 64 at a time, in as many sums as lie next to each other, which the
 * compiler vectorizes. The order depends on the shape and the cut of the ranges alone. Each thread
 * has one for each result.
 */
public final class AxisFold {
  private static final int ROWS = 64;
  private static final int LANES = 256;

  /** The lanes that are added up in double. */
  private static final int LAST_LANES = 32;

  /** Shorter runs are added up one by one. */
  private static final int SHORT_RUN = 16;

  private final float[] sums = new float[Ranges.SIZE];

  /** What is added next, at the index of its sums: other offsets would not vectorize. */
  private final float[] terms = new float[Ranges.SIZE];

  private final float[] lanes = new float[LANES];

  /** The number of the first sum in the window, those that hold anything, and of how many rows. */
  private int base;

  private int from;
  private int to;
  private int rows;

  /**
   * Reduces some elements of the large array.
   *
   * @param values the elements, of float or double
   * @param at the index of the first one
   * @param number its number in the large array
   * @param window the results from number {@code begin} on
   */
  public void fold(
      Fold fold,
      AxisMap map,
      Object values,
      int at,
      int number,
      int count,
      double[] window,
      int begin) {
    int inner = map.inner();
    int next = number;
    int end = number + count;
    while (next < end) {
      int run = next / inner;
      int within = next - run * inner;
      int length = Math.min(inner - within, end - next);
      int target = map.base(run) - begin;
      int first = at + next - number;
      if (!map.innerKept()) {
        double reduced =
            values instanceof float[] floats
                ? reduce(fold, floats, first, length)
                : reduce(fold, (double[]) values, first, length);
        window[target] = fold.join(window[target], reduced);
      } else if (!(values instanceof float[] floats)) {
        join(fold, (double[]) values, first, length, window, target + within);
      } else if (inner < SHORT_RUN) {
        join(fold, floats, first, length, window, target + within);
      } else {
        row(fold, floats, first, length, window, target, within, inner);
      }
      next += length;
    }
  }

  /** Adds a part of a row to the sums. */
  private void row(
      Fold fold,
      float[] values,
      int first,
      int length,
      double[] window,
      int target,
      int within,
      int inner) {
    boolean whole = inner <= sums.length;
    int start = whole ? target : target + within;
    if (rows == ROWS || (rows > 0 && start != base)) {
      flush(fold, window);
    }
    int begin = whole ? within : 0;
    if (rows == 0) {
      base = start;
      from = begin;
      to = begin;
      Arrays.fill(sums, 0, whole ? inner : length, (float) fold.initial());
    }
    System.arraycopy(values, first, terms, begin, length);
    combine(fold, sums, terms, begin, begin + length);
    from = Math.min(from, begin);
    to = Math.max(to, begin + length);
    rows++;
  }

  /** Adds the sums to the window; ends a unit of work. */
  public void flush(Fold fold, double[] window) {
    for (int i = from; rows > 0 && i < to; i++) {
      window[base + i] = fold.join(window[base + i], sums[i]);
    }
    rows = 0;
  }

  private static void combine(Fold fold, float[] sums, float[] terms, int from, int to) {
    if (fold == Fold.MAX) {
      for (int i = from; i < to; i++) {
        sums[i] = Math.max(sums[i], terms[i]);
      }
    } else {
      for (int i = from; i < to; i++) {
        sums[i] += terms[i];
      }
    }
  }

  private static void join(
      Fold fold, float[] values, int first, int length, double[] window, int to) {
    for (int i = 0; i < length; i++) {
      window[to + i] = fold.join(window[to + i], values[first + i]);
    }
  }

  private static void join(
      Fold fold, double[] values, int first, int length, double[] window, int to) {
    if (fold == Fold.MAX) {
      for (int i = 0; i < length; i++) {
        window[to + i] = Math.max(window[to + i], values[first + i]);
      }
    } else {
      for (int i = 0; i < length; i++) {
        window[to + i] += values[first + i];
      }
    }
  }

  /** Returns the sum, or the largest, of a run. */
  private double reduce(Fold fold, float[] values, int first, int length) {
    double result = fold.initial();
    int i = 0;
    while (length - i >= 2 * LANES) {
      int blocks = Math.min((length - i) / LANES, ROWS);
      System.arraycopy(values, first + i, lanes, 0, LANES);
      for (int block = 1; block < blocks; block++) {
        System.arraycopy(values, first + i + block * LANES, terms, 0, LANES);
        combine(fold, lanes, terms, 0, LANES);
      }
      result = fold.join(result, folded(fold));
      i += blocks * LANES;
    }
    for (; i < length; i++) {
      result = fold.join(result, values[first + i]);
    }
    return result;
  }

  /** Folds the lanes into one number. */
  private double folded(Fold fold) {
    for (int half = LANES / 2; half >= LAST_LANES; half /= 2) {
      System.arraycopy(lanes, half, terms, 0, half);
      combine(fold, lanes, terms, 0, half);
    }
    double s0 = lanes[0];
    double s1 = lanes[1];
    double s2 = lanes[2];
    double s3 = lanes[3];
    for (int lane = 4; lane < LAST_LANES; lane += 4) {
      s0 = fold.join(s0, lanes[lane]);
      s1 = fold.join(s1, lanes[lane + 1]);
      s2 = fold.join(s2, lanes[lane + 2]);
      s3 = fold.join(s3, lanes[lane + 3]);
    }
    return fold.join(fold.join(s0, s1), fold.join(s2, s3));
  }

  private static double reduce(Fold fold, double[] values, int first, int length) {
    if (fold == Fold.MAX) {
      double largest = fold.initial();
      for (int i = 0; i < length; i++) {
        largest = Math.max(largest, values[first + i]);
      }
      return largest;
    }
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i + 4 <= length; i += 4) {
      s0 += values[first + i];
      s1 += values[first + i + 1];
      s2 += values[first + i + 2];
      s3 += values[first + i + 3];
    }
    for (; i < length; i++) {
      s0 += values[first + i];
    }
    return s0 + s1 + s2 + s3;
  }
}
