package dev.glissade.fuse;

/**
 * Norms of doubles, whose squares may overflow or vanish, and which may themselves be larger than
 * the largest double or too small to be held with all digits.
 *
 * <p>A range's result is its plain sum of squares if that is trusted: 0, or from 2^-960 to 2^960,
 * so that no number of ranges adds up to an overflow, and squares that vanish (each is below
 * 2^-1074 and the range has less than 2^16 elements) are less than 2^-98 of it. Else the range is
 * looked at again with numbers scaled by a power of two ({@link Scaling}), and its result is its
 * norm n, as a negative number: -n / 2^64, at most -1, if n is large (at least 2^480, and less than
 * 2^1024 times the root of 2^63), and -n 2^128, above -1, if n is small (less than 2^-479). A norm
 * as such is a <em>wide</em> number: itself where it is from the smallest normal double to the
 * largest double, or 0, and else negative in the same way.
 */
final class WideNorm {
  private static final double SMALLEST_TRUSTED = 0x1p-960;
  private static final double LARGEST_TRUSTED = 0x1p960;
  private static final int LARGE = 64;
  private static final int SMALL = -128;

  private WideNorm() {}

  /** What a range's plain sum of squares needs; {@link Scaling#NONE} if it is trusted. */
  static Scaling needed(double squares) {
    if (squares > LARGEST_TRUSTED) {
      return Scaling.DOWN;
    }
    // Negative where the range was looked at again; NaN stays NaN.
    return squares >= 0 && squares < SMALLEST_TRUSTED ? Scaling.UP : Scaling.NONE;
  }

  /** A range's result, of the sum of the squares of scaled numbers. */
  static double ofScaled(double squares, Scaling scaling) {
    int shift = scaling == Scaling.DOWN ? LARGE : SMALL;
    return -Math.sqrt(squares) * Math.scalb(1 / scaling.factor(), -shift);
  }

  private static boolean isLarge(double result) {
    return result <= -1;
  }

  private static boolean isSmall(double result) {
    return result < 0 && result > -1;
  }

  /** The results of two ranges as one. */
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

  /** All ranges' result as a wide number. */
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
