package dev.glissade.fuse.graph;

/**
 * Norms of doubles. The squares may overflow or vanish, and the norms themselves may be larger than
 * the largest double, or too small for a double with full precision.
 *
 * <p>A range's result is its plain sum of squares if that can be trusted: if it is 0, or from
 * 2^-960 to 2^960. Then the sum over all ranges can't overflow, and squares that vanish (each is
 * below 2^-1074, and a range has less than 2^16 elements) are less than 2^-98 of the sum. Otherwise
 * the range is read again with numbers scaled by a power of two ({@link Scaling}), and its result
 * is its norm n, as a negative number: -n / 2^64, at most -1, if n is large (at least 2^480, and
 * less than 2^1024 times the root of 2^63), and -n 2^128, above -1, if n is small (less than
 * 2^-479). A norm is represented by a <em>wide</em> number: the norm itself if it is 0 or a normal
 * double, and otherwise a negative number in the same way.
 */
public final class WideNorm {
  private static final double SMALLEST_TRUSTED = 0x1p-960;
  private static final double LARGEST_TRUSTED = 0x1p960;
  private static final int LARGE = 64;
  private static final int SMALL = -128;

  private WideNorm() {}

  /**
   * Returns the scaling that a range needs; {@link Scaling#NONE} if its plain sum can be trusted.
   */
  public static Scaling needed(double squares) {
    if (squares > LARGEST_TRUSTED) {
      return Scaling.DOWN;
    }
    // Negative if the range was read again; NaN stays NaN.
    return squares >= 0 && squares < SMALLEST_TRUSTED ? Scaling.UP : Scaling.NONE;
  }

  /** Returns a range's result from the sum of the squares of scaled numbers. */
  public static double ofScaled(double squares, Scaling scaling) {
    int shift = scaling == Scaling.DOWN ? LARGE : SMALL;
    return -Math.sqrt(squares) * Math.scalb(1 / scaling.factor(), -shift);
  }

  private static boolean isLarge(double result) {
    return result <= -1;
  }

  private static boolean isSmall(double result) {
    return result < 0 && result > -1;
  }

  /** Combines the results of two ranges. */
  static double join(double a, double b) {
    if (a >= 0 && b >= 0) {
      return a + b;
    }
    if (Double.isNaN(a) || Double.isNaN(b)) {
      return Double.NaN;
    }
    if (isLarge(a) || isLarge(b)) {
      return -Math.hypot(over(a), over(b));
    }
    if (isSmall(a) && isSmall(b)) {
      return -Math.hypot(a, b);
    }
    double squares = isSmall(a) ? b : a;
    double small = isSmall(a) ? a : b;
    double norm = Math.scalb(-small, SMALL);
    return squares == 0 ? small : squares + norm * norm;
  }

  /** The norm of a range's result, over 2^64. */
  private static double over(double result) {
    return isLarge(result) ? -result : Math.scalb(isSmall(result) ? 0 : Math.sqrt(result), -LARGE);
  }

  /** Converts the result of all ranges to a wide number. */
  static double result(double joined) {
    if (!(joined < 0)) {
      return Math.sqrt(joined);
    }
    double norm = narrow(joined);
    return norm >= Double.MIN_NORMAL && norm <= Double.MAX_VALUE ? norm : joined;
  }

  /** The double nearest to a wide number; infinite if it is larger than the largest. */
  static double narrow(double wide) {
    return wide < 0 ? Math.scalb(-wide, isLarge(wide) ? LARGE : SMALL) : wide;
  }

  /** The power of two in the reciprocal of a wide number, as far as a float can hold it. */
  static double reciprocalPower(double wide) {
    return Op.reciprocalPower(narrow(wide));
  }

  /** The rest of the reciprocal. */
  static double reciprocalRest(double wide) {
    double power = reciprocalPower(wide);
    return wide < 0
        ? 1 / (-wide * Math.scalb(power, isLarge(wide) ? LARGE : SMALL))
        : Op.reciprocalRest(wide);
  }
}
