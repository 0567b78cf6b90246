package dev.glissade.privacy.accounting;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Formats bounds so that they stay true: it rounds an epsilon, which is an upper bound, up, and the
 * noise that was used down. The text is never on the wrong side of the exact double.
 */
public final class BoundFormat {
  private static final int DECIMALS = 3;
  private static final int LEAST_DIGITS = 3;
  private static final int MOST_DIGITS = 10;

  private BoundFormat() {}

  /**
   * Formats an upper bound, rounded up to three decimals, or to three digits below 0.1; very large
   * bounds have ten digits. Only 0 itself becomes {@code 0.000}.
   *
   * @param bound the upper bound
   * @return the text; for an infinity or NaN, that of {@link Double#toString(double)}
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

  /**
   * Formats a lower bound, rounded down.
   *
   * @param bound the lower bound
   * @param digits the number of significant digits
   * @return the text; for an infinity or NaN, that of {@link Double#toString(double)}
   */
  public static String lowerBound(double bound, int digits) {
    return rounded(bound, digits, RoundingMode.FLOOR);
  }

  /**
   * Formats an upper bound, rounded up.
   *
   * @param bound the upper bound
   * @param digits the number of significant digits
   * @return the text; for an infinity or NaN, that of {@link Double#toString(double)}
   */
  public static String upperBound(double bound, int digits) {
    return rounded(bound, digits, RoundingMode.CEILING);
  }

  private static String rounded(double x, int digits, RoundingMode mode) {
    return Double.isFinite(x)
        ? new BigDecimal(x).round(new MathContext(digits, mode)).toString()
        : Double.toString(x);
  }
}
