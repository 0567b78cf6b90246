package dev.glissade.matrix;

/** Arithmetic and checks of vectors. */
final class Vectors {
  private Vectors() {}

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Returns the norm, which does not overflow or underflow before its time. */
  static double norm(double[] a) {
    double largest = largest(a);
    if (largest == 0 || !Double.isFinite(largest)) {
      return largest;
    }
    double sum = 0;
    for (double x : a) {
      sum += x / largest * (x / largest);
    }
    return largest * Math.sqrt(sum);
  }

  /** Returns the largest magnitude. */
  static double largest(double[] a) {
    double largest = 0;
    for (double x : a) {
      largest = Math.max(largest, Math.abs(x));
    }
    return largest;
  }

  /** Returns a / |a|; 0 for 0. */
  static double[] normalized(double[] a) {
    double norm = norm(a);
    double[] unit = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      unit[i] = norm == 0 ? 0 : a[i] / norm;
    }
    return unit;
  }

  static void requireLength(String name, int length, long needed) {
    if (length != needed) {
      throw new IllegalArgumentException(
          "%s must have %d elements, but had %d".formatted(name, needed, length));
    }
  }

  static void requireNotNegative(String name, double value) {
    if (!(value >= 0)) {
      throw new IllegalArgumentException(
          "%s must not be negative, but was %s".formatted(name, value));
    }
  }
}
