package dev.glissade.arena.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Smooths and thins curves for charts. */
public final class Curves {
  private static final MathContext FIVE_DIGITS = new MathContext(5);

  private Curves() {}

  /**
   * Returns m_i / (1 - a^i) with m_i = a m_(i-1) + (1 - a) x_i and a = 1 - 1 / window: the
   * bias-corrected exponential mean over about {@code window} numbers. NaN from the first number on
   * that is not finite.
   *
   * @param window at least 1; 1 leaves the numbers as they are
   */
  public static double[] smooth(double[] numbers, double window) {
    if (!(window >= 1)) {
      throw new IllegalArgumentException("window must be at least 1, but was " + window);
    }
    double a = 1 - 1 / window;
    double mean = 0;
    double weight = 0;
    double[] smooth = new double[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      mean = a * mean + (1 - a) * numbers[i];
      weight = a * weight + (1 - a);
      smooth[i] = Double.isFinite(mean) ? mean / weight : Double.NaN;
    }
    return smooth;
  }

  /** Returns at most {@code most} of n indices, evenly spaced, including the last. */
  static int[] thinned(int n, int most) {
    int stride = Math.max(1, (n + most - 1) / most);
    return IntStream.range(0, n).filter(i -> i % stride == (n - 1) % stride).toArray();
  }

  static double[] at(double[] numbers, int[] indices) {
    return Arrays.stream(indices).mapToDouble(i -> rounded(numbers[i])).toArray();
  }

  private static double rounded(double x) {
    return Double.isFinite(x) ? new BigDecimal(x).round(FIVE_DIGITS).doubleValue() : x;
  }
}
