package dev.glissade.fuse.codegen;

/**
 * Operations of generated loops that have no bytecode; small, so that the compiler inlines them.
 */
public final class LoopSupport {
  static final float LARGE_FLOAT = 3e38f;
  static final double LARGE_DOUBLE = 1e308;

  private LoopSupport() {}

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

  static float greater(float a, float b) {
    return a > b ? 1 : 0;
  }

  static double greater(double a, double b) {
    return a > b ? 1 : 0;
  }

  static float select(float mask, float a, float b) {
    return mask != 0 ? a : b;
  }

  static double select(double mask, double a, double b) {
    return mask != 0 ? a : b;
  }
}
