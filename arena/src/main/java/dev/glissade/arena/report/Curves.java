package dev.glissade.arena.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Curves made fit for the eye. */
public final class Curves {
  private static final MathContext FIVE_DIGITS = new MathContext(5);

  private Curves() {}

  /**
   * m_i / (1 - a^i) with m_i = a m_(i-1) + (1 - a) x_i and a = 1 - 1 / window: an exponential mean
   * over about so many numbers, without the pull of its start. NaN from the first number that is
   * not finite.
   *
   * @param window at least 1, where 1 leaves the numbers as they are
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

  /** At most so many indices of n, evenly spaced, with the last one among them. */
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
