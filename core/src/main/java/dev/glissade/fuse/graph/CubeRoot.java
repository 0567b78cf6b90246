package dev.glissade.fuse.graph;

/**
 * The real cube root, several times as fast as {@link Math#cbrt} and within 2 units in the last
 * place.
 *
 * <p>A third of the exponent gives 1 / cbrt(a) to 6 %; four iterations without a division, r <- r +
 * r (1 - a r^3) / 3 with another term of the series, refine it, and one step of Newton's method
 * refines a r^2.
 */
public final class CubeRoot {
  /** The bits of 2^(4/3 - 1023/3...) with which a third of the exponent gives the inverse root. */
  private static final long INVERSE_ROOT_BITS = 0x553ef0ff289dd796L;

  private static final double DOWN = 0x1p-18;
  private static final double SCALE = 0x1p54;

  private CubeRoot() {}

  /** Returns the cube root; 0, NaN and infinities stay as they are. */
  public static double of(double x) {
    double a = Math.abs(x);
    if (!(a > 0) || a > Double.MAX_VALUE) {
      return x;
    }
    double root = a < Double.MIN_NORMAL ? normal(a * SCALE) * DOWN : normal(a);
    return Math.copySign(root, x);
  }

  private static double normal(double a) {
    double r = Double.longBitsToDouble(INVERSE_ROOT_BITS - Double.doubleToRawLongBits(a) / 3);
    // e = 1 - a r^3;  a^(-1/3) = r (1 - e)^(-1/3) = r (1 + e/3 + 2/9 e^2 + ..)
    for (int i = 0; i < 3; i++) {
      double e = 1 - a * r * r * r;
      r += r * e * (1.0 / 3 + 2.0 / 9 * e);
    }
    double root = a * r * r;
    return root - (root * root * root - a) * (r * r) * (1.0 / 3);
  }
}
