package dev.glissade.algebra;

import java.util.Arrays;

/**
 * Finds the largest singular value of a matrix X by the method of Lanczos on X X', which needs
 * products with vectors only (Golub and Van Loan, "Matrix Computations", 4th edition, section
 * 10.1). Its estimates grow towards the value and reach it after as many steps as X has rows,
 * usually after some dozens. All vectors are kept orthogonal, in double, and their memory is kept.
 */
public final class LargestSingularValue {
  /** The steps from one estimate to the next. */
  private static final int STRIDE = 4;

  private double[][] basis = {};
  private double[] diagonal = {};
  private double[] side = {};
  private double[] across = {};

  /** Makes an instance, which keeps its memory from one matrix to the next. */
  public LargestSingularValue() {}

  /**
   * Returns the largest singular value.
   *
   * @param x any matrix
   * @return the value, to about 1e-14 of itself in float64 and 1e-8 in float32, or 1e-10 where
   *     others are as close to it; NaN if a number is not finite, 0 for a matrix without numbers
   */
  public double of(Matrix x) {
    double norm = x.norm();
    if (norm == 0 || !Double.isFinite(norm)) {
      return norm == 0 ? 0 : Double.NaN;
    }
    double tolerance = x.isWide() ? 1e-15 : 1e-9;
    begin(x);
    double before = 0;
    for (int k = 0; k < x.rows(); k++) {
      boolean more = extend(x, k, norm);
      boolean last = !more || k + 1 == x.rows();
      if (last || k % STRIDE == STRIDE - 1) {
        double now = largestEigenvalue(k + 1);
        if (last || now - before <= tolerance * now) {
          return norm * Math.sqrt(now);
        }
        before = now;
      }
    }
    return norm;
  }

  private void begin(Matrix x) {
    int m = x.rows();
    if (diagonal.length < m) {
      diagonal = new double[m];
      side = new double[m];
      basis = new double[m + 1][];
    }
    if (across.length < x.columns()) {
      across = new double[x.columns()];
    }
    double[] first = vector(0, m);
    for (int i = 0; i < m; i++) {
      first[i] = noise(i);
    }
    normalize(first, m);
  }

  /** Returns a number from -1/2 to 1/2 that looks random, by the mixing function of SplitMix64. */
  private static double noise(int i) {
    long z = (i + 1) * 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return (z ^ (z >>> 31)) * 0x1p-64;
  }

  private double[] vector(int k, int length) {
    if (basis[k] == null || basis[k].length < length) {
      basis[k] = new double[length];
    }
    return basis[k];
  }

  /**
   * Computes entry k of the tridiagonal matrix of X X' / norm^2; returns whether there is a next.
   */
  private boolean extend(Matrix x, int k, double norm) {
    int m = x.rows();
    double[] q = basis[k];
    Arrays.fill(across, 0, x.columns(), 0);
    for (int i = 0; i < m; i++) {
      x.addRow(i, q[i] / norm, across);
    }
    double[] next = vector(k + 1, m);
    for (int i = 0; i < m; i++) {
      next[i] = x.rowTimes(i, across) / norm;
    }
    diagonal[k] = dot(q, next, m);
    // twice is enough: Parlett, "The Symmetric Eigenvalue Problem", section 6.9
    for (int twice = 0; twice < 2; twice++) {
      for (int j = k; j >= 0; j--) {
        double along = dot(basis[j], next, m);
        for (int i = 0; i < m; i++) {
          next[i] -= along * basis[j][i];
        }
      }
    }
    side[k] = normalize(next, m);
    return side[k] > 1e-15;
  }

  private static double dot(double[] a, double[] b, int size) {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double normalize(double[] v, int size) {
    double norm = Math.sqrt(dot(v, v, size));
    for (int i = 0; i < size && norm > 0; i++) {
      v[i] /= norm;
    }
    return norm;
  }

  /** Bisects: a number is above all eigenvalues where no pivot of T - number I is positive. */
  private double largestEigenvalue(int size) {
    double low = 0;
    double high = 1 + 1e-12;
    for (int i = 0; i < size; i++) {
      low = Math.max(low, diagonal[i]);
    }
    for (double middle = (low + high) / 2;
        middle > low && middle < high;
        middle = (low + high) / 2) {
      if (isAbove(middle, size)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return low;
  }

  private boolean isAbove(double number, int size) {
    double pivot = diagonal[0] - number;
    for (int i = 1; i < size; i++) {
      if (pivot >= 0) {
        return false;
      }
      pivot = diagonal[i] - number - side[i - 1] * side[i - 1] / pivot;
    }
    return pivot < 0;
  }
}
