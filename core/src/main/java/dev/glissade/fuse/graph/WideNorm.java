package dev.glissade.fuse.graph;

/**
 * Norms of doubles. The squares may overflow or underflow, and the norm itself may exceed the
 * largest double or be too small for a double with full precision.
 *
 * <p>The result of a range is its plain sum of squares if that is accurate: if it is 0, or from
 * 2^-960 to 2^960. Then the sum over all ranges can't overflow, and the squares that underflow
 * (each is below 2^-1074, and a range has fewer than 2^16 elements) are less than 2^-98 of the sum.
 * Otherwise a retry re-adds the range with numbers scaled by a power of two ({@link Scaling}). The
 * result is then the norm n, encoded as a negative number: -n / 2^64, at most -1, if n is large (at
 * least 2^480, and less than 2^1024 times the root of 2^63), and -n 2^128, above -1, if n is small
 * (less than 2^-479). A <em>wide</em> number represents a norm: the norm itself if it is 0 or a
 * normal double, else a negative number in the same encoding.
 */
public final class WideNorm {
  private static final double MIN_ACCURATE = 0x1p-960;
  private static final double MAX_ACCURATE = 0x1p960;
  private static final int LARGE = 64;
  private static final int SMALL = -128;

  private WideNorm() {}

  /** Returns the scaling of the retry that a range needs; NONE if its plain sum is accurate. */
  public static Scaling needed(double squares) {
    if (squares > MAX_ACCURATE) {
      return Scaling.DOWN;
    }
    // The result of a retry is negative; NaN stays NaN.
    return squares >= 0 && squares < MIN_ACCURATE ? Scaling.UP : Scaling.NONE;
  }

  /** Converts the sum of the squares of scaled numbers to the result of a range. */
  public static double ofScaled(double squares, Scaling scaling) {
    if (squares == 0) {
      return 0;
    }
    int shift = scaling == Scaling.DOWN ? LARGE : SMALL;
    return -Math.sqrt(squares) * Math.scalb(1 / scaling.factor(), -shift);
  }

  private static boolean isLarge(double result) {
    return result <= -1;
  }

  private static boolean isSmall(double result) {
    return result < 0 && result > -1;
  }

  /** Joins the results of two ranges. */
  static double join(double a, double b) {
    if (a >= 0 && b >= 0) {
      return a + b;
    }
    if (Double.isNaN(a) || Double.isNaN(b)) {
      return Double.NaN;
    }
    if (isLarge(a) || isLarge(b)) {
      return -Math.hypot(scaledDown(a), scaledDown(b));
    }
    if (isSmall(a) && isSmall(b)) {
      return -Math.hypot(a, b);
    }
    double squares = isSmall(a) ? b : a;
    double small = isSmall(a) ? a : b;
    double norm = Math.scalb(-small, SMALL);
    return squares == 0 ? small : squares + norm * norm;
  }

  /** Returns the norm of a range, divided by 2^64. */
  private static double scaledDown(double result) {
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

  /** Returns the double nearest to a wide number; infinite if it exceeds the largest double. */
  static double narrow(double wide) {
    return wide < 0 ? Math.scalb(-wide, isLarge(wide) ? LARGE : SMALL) : wide;
  }

  /** Returns {@link Op#reciprocalPower} of a wide number. */
  static double reciprocalPower(double wide) {
    return Op.reciprocalPower(narrow(wide));
  }

  /** Returns {@link Op#reciprocalRest} of a wide number. */
  static double reciprocalRest(double wide) {
    double power = reciprocalPower(wide);
    return wide < 0
        ? 1 / (-wide * Math.scalb(power, isLarge(wide) ? LARGE : SMALL))
        : Op.reciprocalRest(wide);
  }
}
