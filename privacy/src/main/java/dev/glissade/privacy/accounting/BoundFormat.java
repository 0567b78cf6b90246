package dev.glissade.privacy.accounting;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Formats bounds so that they stay true: an epsilon is an upper bound, so it is rounded up; the
 * noise that was used must not seem larger, so it is rounded down. What is written is never on the
 * wrong side of the exact double.
 */
public final class BoundFormat {
  private static final int DECIMALS = 3;
  private static final int LEAST_DIGITS = 3;
  private static final int MOST_DIGITS = 10;

  private BoundFormat() {}

  /**
   * Writes an upper bound, rounded up to three decimals, and to three digits where it is below 0.1;
   * a very large one has ten digits. Only 0 itself is {@code 0.000}. Not finite numbers are as in
   * {@link Double#toString(double)}.
   */
  public static String upperBound(double bound) {
    if (!Double.isFinite(bound)) {
      return Double.toString(bound);
    }
    BigDecimal exact = new BigDecimal(bound);
    int wanted = exact.precision() - exact.scale() + DECIMALS;
    int digits = Math.max(LEAST_DIGITS, Math.min(MOST_DIGITS, wanted));
    BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.CEILING));
    boolean shorter = rounded.scale() < DECIMALS && wanted <= MOST_DIGITS;
    return (shorter ? rounded.setScale(DECIMALS) : rounded).toString();
  }

  /** Writes a number with as many digits, rounded down. */
  public static String lowerBound(double bound, int digits) {
    return rounded(bound, digits, RoundingMode.FLOOR);
  }

  /** Writes a number with as many digits, rounded up. */
  public static String upperBound(double bound, int digits) {
    return rounded(bound, digits, RoundingMode.CEILING);
  }

  private static String rounded(double x, int digits, RoundingMode mode) {
    return Double.isFinite(x)
        ? new BigDecimal(x).round(new MathContext(digits, mode)).toString()
        : Double.toString(x);
  }
}
