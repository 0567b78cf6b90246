package dev.glissade.arena.data;

import java.util.function.IntToDoubleFunction;

/** Computes the scaling that standardizes numbers: their mean and deviation. */
final class Standardizer {
  private Standardizer() {}

  /**
   * Computes the mean and the deviation of the numbers that are not NaN; divides by the range
   * first, so no square over- or underflows.
   *
   * @param numbers returns number i
   */
  static LinearScale of(int count, IntToDoubleFunction numbers) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    double sum = 0;
    int present = 0;
    for (int i = 0; i < count; i++) {
      double x = numbers.applyAsDouble(i);
      if (!Double.isNaN(x)) {
        min = Math.min(min, x);
        max = Math.max(max, x);
        sum += x;
        present++;
      }
    }
    double range = max - min;
    if (!(range >= Double.MIN_NORMAL)) {
      return new LinearScale(present == 0 ? 0 : min, 0, false);
    }
    double mean = sum / present;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      double x = numbers.applyAsDouble(i);
      double d = Double.isNaN(x) ? 0 : (x - mean) / range;
      squares += d * d;
    }
    return new LinearScale(mean, range * Math.sqrt(squares / present), false);
  }

  /**
   * Computes the mean and the deviation of pixels from 0 to 1, given how often each byte occurs.
   */
  static LinearScale ofBytes(long[] counts) {
    double n = 0;
    double sum = 0;
    for (int p = 0; p < counts.length; p++) {
      n += counts[p];
      sum += counts[p] * (p / 255.0);
    }
    double mean = sum / n;
    double squares = 0;
    int different = 0;
    for (int p = 0; p < counts.length; p++) {
      double d = p / 255.0 - mean;
      squares += counts[p] * d * d;
      different += counts[p] > 0 ? 1 : 0;
    }
    return new LinearScale(mean, different < 2 ? 0 : Math.sqrt(squares / n), false);
  }
}
