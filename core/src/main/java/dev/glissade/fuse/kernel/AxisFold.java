package dev.glissade.fuse.kernel;

import dev.glissade.fuse.graph.AxisMap;
import dev.glissade.fuse.graph.AxisReduction.Fold;
import dev.glissade.fuse.tape.Ranges;

/**
 * Reduces the elements of ranges over some axes into a window of the result, in double. Floats are
 * first added up in float: up to 64 at a time, in as many sums as lie next to each other, which the
 * compiler vectorizes. The order depends on the shape and the cut of the ranges alone. Each thread
 * has its own.
 */
public final class AxisFold {
  private static final int ROWS = 64;
  private static final int LANES = 64;

  /** Shorter runs are added up one by one. */
  private static final int SHORT_RUN = 16;

  private final float[] sums = new float[Ranges.SIZE];

  /** Where the sums belong in the window, how many there are, and how many rows they hold. */
  private int target;

  private int width;
  private int rows;

  /**
   * Reduces some elements of the large array.
   *
   * @param values the elements, of float or double
   * @param at the index of the first one
   * @param from its number in the large array
   * @param window the results from number {@code begin} on
   */
  public void fold(
      Fold fold,
      AxisMap map,
      Object values,
      int at,
      int from,
      int count,
      double[] window,
      int begin) {
    int inner = map.inner();
    int next = from;
    int end = from + count;
    while (next < end) {
      int run = next / inner;
      int within = next - run * inner;
      int length = Math.min(inner - within, end - next);
      int to = map.base(run) - begin + (map.innerKept() ? within : 0);
      int first = at + next - from;
      if (!map.innerKept()) {
        double reduced =
            values instanceof float[] floats
                ? reduce(fold, floats, first, length)
                : reduce(fold, (double[]) values, first, length);
        window[to] = fold.join(window[to], reduced);
      } else if (values instanceof float[] floats) {
        row(fold, floats, first, length, window, to);
      } else {
        join(fold, (double[]) values, first, length, window, to);
      }
      next += length;
    }
    flush(fold, window);
  }

  private void row(Fold fold, float[] values, int first, int length, double[] window, int to) {
    if (length < SHORT_RUN) {
      for (int i = 0; i < length; i++) {
        window[to + i] = fold.join(window[to + i], values[first + i]);
      }
      return;
    }
    if (rows == ROWS || (rows > 0 && (to != target || length != width))) {
      flush(fold, window);
    }
    if (rows == 0) {
      System.arraycopy(values, first, sums, 0, length);
      target = to;
      width = length;
    } else if (fold == Fold.MAX) {
      largest(sums, values, first, length);
    } else {
      add(sums, values, first, length);
    }
    rows++;
  }

  private void flush(Fold fold, double[] window) {
    for (int i = 0; rows > 0 && i < width; i++) {
      window[target + i] = fold.join(window[target + i], sums[i]);
    }
    rows = 0;
  }

  private static void add(float[] sums, float[] values, int first, int length) {
    for (int i = 0; i < length; i++) {
      sums[i] += values[first + i];
    }
  }

  private static void largest(float[] sums, float[] values, int first, int length) {
    for (int i = 0; i < length; i++) {
      sums[i] = Math.max(sums[i], values[first + i]);
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
      System.arraycopy(values, first + i, sums, 0, LANES);
      for (int block = 1; block < blocks; block++) {
        if (fold == Fold.MAX) {
          largest(sums, values, first + i + block * LANES, LANES);
        } else {
          add(sums, values, first + i + block * LANES, LANES);
        }
      }
      for (int lane = 0; lane < LANES; lane++) {
        result = fold.join(result, sums[lane]);
      }
      i += blocks * LANES;
    }
    for (; i < length; i++) {
      result = fold.join(result, values[first + i]);
    }
    return result;
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
