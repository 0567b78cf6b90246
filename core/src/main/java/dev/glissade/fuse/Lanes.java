package dev.glissade.fuse;

/** Operations of generated loops that are no instruction; small, so that they are inlined. */
final class Lanes {
  static final float LARGE_FLOAT = 3e38f;
  static final double LARGE_DOUBLE = 1e308;

  private Lanes() {}

  /**
   * The lanes as one number, in double: the sums of every fourth lane, then those in order. (One
   * sum would wait for each addition.)
   */
  static double fold(Reduction kind, float[] lanes) {
    if (kind == Reduction.MAX_ABS) {
      return largest(lanes);
    }
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    for (int i = 0; i < lanes.length; i += 4) {
      s0 += lanes[i];
      s1 += lanes[i + 1];
      s2 += lanes[i + 2];
      s3 += lanes[i + 3];
    }
    return s0 + s1 + s2 + s3;
  }

  private static double largest(float[] lanes) {
    double largest = 0;
    for (float lane : lanes) {
      largest = Math.max(largest, lane);
    }
    return largest;
  }

  /** The same of doubles. */
  static double fold(Reduction kind, double[] lanes) {
    if (kind == Reduction.MAX_ABS) {
      return largest(lanes);
    }
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    for (int i = 0; i < lanes.length; i += 4) {
      s0 += lanes[i];
      s1 += lanes[i + 1];
      s2 += lanes[i + 2];
      s3 += lanes[i + 3];
    }
    return s0 + s1 + s2 + s3;
  }

  private static double largest(double[] lanes) {
    double largest = 0;
    for (double lane : lanes) {
      largest = Math.max(largest, lane);
    }
    return largest;
  }

  /** The sign, by operations that vectorise: any number but 0 times 9e76 is beyond [-1, 1]. */
  static float sign(float x) {
    return Math.min(Math.max(x * LARGE_FLOAT * LARGE_FLOAT, -1f), 1f);
  }

  /** The sign, by operations that vectorise. */
  static double sign(double x) {
    return Math.min(Math.max(x * LARGE_DOUBLE * LARGE_DOUBLE, -1.0), 1.0);
  }

  static float nanToZero(float x) {
    return Float.isNaN(x) ? 0 : x;
  }

  static double nanToZero(double x) {
    return Double.isNaN(x) ? 0 : x;
  }

  static float nonFinite(float x) {
    return Math.abs(x) <= Float.MAX_VALUE ? 0 : 1;
  }

  static double nonFinite(double x) {
    return Math.abs(x) <= Double.MAX_VALUE ? 0 : 1;
  }
}
