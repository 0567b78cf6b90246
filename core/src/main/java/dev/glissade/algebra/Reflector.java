package dev.glissade.algebra;

/**
 * A Householder reflection H = I - factor v v', which takes a given vector to a multiple of the
 * first unit vector.
 *
 * @param v the vector, with a first number of 1
 * @param factor 0 for H = I
 * @param result the multiple: the given vector's norm, with either sign
 */
record Reflector(double[] v, double factor, double result) {

  /** Returns the reflection of a vector, whose array it keeps. */
  static Reflector of(double[] x) {
    double first = x[0];
    double rest = 0;
    for (int i = 1; i < x.length; i++) {
      rest += x[i] * x[i];
    }
    x[0] = 1;
    if (rest == 0) {
      return new Reflector(x, 0, first);
    }
    double result = -Math.copySign(Math.sqrt(first * first + rest), first);
    for (int i = 1; i < x.length; i++) {
      x[i] /= first - result;
    }
    return new Reflector(x, (result - first) / result, result);
  }

  /** Replaces A by H A, where A are the given rows and columns, and all after these. */
  void applyTo(double[][] rows, int fromRow, int fromColumn) {
    int n = rows[0].length;
    if (factor == 0 || fromColumn == n) {
      return;
    }
    double[] sums = new double[n];
    addTo(sums, rows, fromRow, fromColumn);
    for (int i = 0; i < v.length; i++) {
      subtract(rows[fromRow + i], factor * v[i], sums, fromColumn);
    }
  }

  /** Adds v' A to sums, four rows at a time. */
  void addTo(double[] sums, double[][] rows, int fromRow, int fromColumn) {
    int i = 0;
    for (; i + 3 < v.length; i += 4) {
      int at = fromRow + i;
      add(sums, i, rows[at], rows[at + 1], rows[at + 2], rows[at + 3], fromColumn);
    }
    for (; i < v.length; i++) {
      subtract(sums, -v[i], rows[fromRow + i], fromColumn);
    }
  }

  private void add(
      double[] sums, int at, double[] a, double[] b, double[] c, double[] d, int fromColumn) {
    double va = v[at];
    double vb = v[at + 1];
    double vc = v[at + 2];
    double vd = v[at + 3];
    for (int j = fromColumn; j < sums.length; j++) {
      sums[j] += va * a[j] + vb * b[j] + vc * c[j] + vd * d[j];
    }
  }

  private static void subtract(double[] from, double times, double[] what, int fromColumn) {
    for (int j = fromColumn; j < from.length; j++) {
      from[j] -= times * what[j];
    }
  }
}
