package dev.glissade.arena.report;

import java.util.Arrays;

/**
 * The mean and the spread of some numbers.
 *
 * @param deviation the sample standard deviation, with n - 1 in the denominator; NaN for fewer than
 *     two numbers
 * @param count the number of numbers
 */
public record Statistics(double mean, double deviation, int count) {

  /** Computes the mean and the deviation in two passes. */
  public static Statistics of(double... numbers) {
    int n = numbers.length;
    double mean = Arrays.stream(numbers).sum() / n;
    double squares = Arrays.stream(numbers).map(x -> (x - mean) * (x - mean)).sum();
    return new Statistics(mean, n < 2 ? Double.NaN : Math.sqrt(squares / (n - 1)), n);
  }

  /** Returns whether there were at least two finite numbers. */
  public boolean hasDeviation() {
    return Double.isFinite(deviation);
  }
}
