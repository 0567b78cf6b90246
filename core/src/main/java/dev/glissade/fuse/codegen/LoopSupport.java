package dev.glissade.fuse.codegen;

import dev.glissade.fuse.graph.Reduction;

/**
 * Operations of generated loops that have no bytecode; small, so that the compiler inlines them.
 */
public final class LoopSupport {
  static final float LARGE_FLOAT = 3e38f;
  static final double LARGE_DOUBLE = 1e308;

  private LoopSupport() {}

  /**
   * Folds the lanes into one number and overwrites them: adds the upper half to the lower half, in
   * the type of the lanes, until 64 are left, and adds those up in double, in four interleaved
   * sums. (A single sum in double takes as long as a tenth of the range.)
   */
  public static double fold(Reduction kind, float[] lanes) {
    if (kind == Reduction.MAX_ABS) {
      return largest(lanes);
    }
    for (int i = 0; i < 256; i++) {
      lanes[i] += lanes[i + 256];
    }
    for (int i = 0; i < 128; i++) {
      lanes[i] += lanes[i + 128];
    }
    for (int i = 0; i < 64; i++) {
      lanes[i] += lanes[i + 64];
    }
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    for (int i = 0; i < 64; i += 4) {
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

  /** Folds lanes of double in the same order. */
  public static double fold(Reduction kind, double[] lanes) {
    if (kind == Reduction.MAX_ABS) {
      return largest(lanes);
    }
    for (int i = 0; i < 256; i++) {
      lanes[i] += lanes[i + 256];
    }
    for (int i = 0; i < 128; i++) {
      lanes[i] += lanes[i + 128];
    }
    for (int i = 0; i < 64; i++) {
      lanes[i] += lanes[i + 64];
    }
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    for (int i = 0; i < 64; i += 4) {
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

  /** Computes the sign with operations that vectorize: any x but 0, times 9e76, exceeds [-1, 1]. */
  static float sign(float x) {
    return Math.min(Math.max(x * LARGE_FLOAT * LARGE_FLOAT, -1f), 1f);
  }

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
