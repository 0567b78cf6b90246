package dev.glissade.tribuo;

import org.jspecify.annotations.Nullable;
import org.tribuo.math.la.Matrix;
import org.tribuo.math.la.MatrixTuple;

/** Tells the product of two vectors from other matrices. */
final class RankOne {
  /** How far from a product a matrix is by more than rounding, relative to its largest number. */
  private static final double ROUNDING = 1e-9;

  /** Squares of smaller numbers are too small to compare. */
  private static final double SMALLEST = 1e-100;

  private RankOne() {}

  private record Largest(int i, int j, double value) {}

  /** Returns the largest number of a matrix and its place; null if no number is large enough. */
  private static @Nullable Largest largest(Matrix matrix) {
    Largest largest = new Largest(0, 0, 0);
    for (MatrixTuple each : matrix) {
      if (Math.abs(each.value) > Math.abs(largest.value())) {
        largest = new Largest(each.i, each.j, each.value);
      }
    }
    return Math.abs(largest.value()) > SMALLEST ? largest : null;
  }

  /** Returns whether a matrix is a product of a column and a row, up to rounding, and not zero. */
  static boolean isProduct(Matrix matrix) {
    return largest(matrix) != null && !isExceededBy(matrix);
  }

  /**
   * Returns whether a matrix can't be a product of a column and a row, by comparing its non-zero
   * numbers with the row and the column of the largest one.
   */
  static boolean isExceededBy(Matrix matrix) {
    Largest largest = largest(matrix);
    if (largest == null) {
      return false;
    }
    double square = largest.value() * largest.value();
    for (MatrixTuple each : matrix) {
      double product = matrix.get(each.i, largest.j()) * matrix.get(largest.i(), each.j);
      if (Math.abs(each.value * largest.value() - product) > ROUNDING * square) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns a number that is the same for all products of one row with columns, and most probably
   * another one for those of another row; NaN for zeros.
   */
  static double direction(Matrix matrix) {
    Largest largest = largest(matrix);
    if (largest == null) {
      return Double.NaN;
    }
    double sum = 0;
    for (MatrixTuple each : matrix) {
      if (each.i == largest.i()) {
        sum += ((each.j * 0x9E3779B1) >>> 16) * (each.value / largest.value());
      }
    }
    return sum;
  }
}
