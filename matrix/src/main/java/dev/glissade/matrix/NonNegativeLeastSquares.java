package dev.glissade.matrix;

/**
 * Solves least squares with non-negative unknowns: minimizes |A x - b| subject to x >= 0, by the
 * fast projected gradient method (Polyak, "Projected Gradient Method for Non-Negative Least
 * Square", 2015). With step 1/L, where L bounds the largest eigenvalue of A'A:
 *
 * <pre>{@code
 * x' = max(y - (A'A y - A'b) / L, 0)
 * c' = (1 + sqrt(1 + 4 c^2)) / 2
 * y  = x' + (c - 1) / c' (x' - x)
 * }</pre>
 */
public final class NonNegativeLeastSquares {
  private NonNegativeLeastSquares() {}

  /**
   * Solves with L = min(|A'A|_F, |A'A|_1).
   *
   * @param a a matrix of rows x columns, row-major
   * @param rows the number of rows of A
   * @param columns the number of columns of A
   * @param b a number for each row
   * @param iterations the number of iterations, not negative
   * @return a number for each column
   * @throws IllegalArgumentException if the lengths don't fit, or iterations is negative
   */
  public static double[] solve(double[] a, int rows, int columns, double[] b, int iterations) {
    Vectors.requireLength("a", a.length, (long) rows * columns);
    Vectors.requireLength("b", b.length, rows);
    Vectors.requireNotNegative("iterations", iterations);
    MatrixProduct product = MatrixProduct.best();
    double[] square = new double[columns * columns];
    double[] target = new double[columns];
    product.multiply(ProductShape.of(columns, columns, rows).ofTransposedA(), a, a, square);
    product.multiply(ProductShape.of(columns, 1, rows).ofTransposedA(), a, b, target);
    double bound = Math.min(Vectors.norm(square), columnNorm(square, columns));
    double[] x = new double[columns];
    double[] y = new double[columns];
    double[] slope = new double[columns];
    double c = 0;
    for (int i = 0; i < iterations; i++) {
      product.multiply(ProductShape.of(columns, 1, columns), square, y, slope);
      double next = (1 + Math.sqrt(1 + 4 * c * c)) / 2;
      for (int j = 0; j < columns; j++) {
        double step = (slope[j] - target[j]) / (bound == 0 ? 1 : bound);
        double moved = Math.max(y[j] - step, 0);
        y[j] = moved + (c - 1) / next * (moved - x[j]);
        x[j] = moved;
      }
      c = next;
    }
    return x;
  }

  /** Returns the largest sum of magnitudes of a column. */
  private static double columnNorm(double[] square, int n) {
    double largest = 0;
    for (int j = 0; j < n; j++) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += Math.abs(square[i * n + j]);
      }
      largest = Math.max(largest, sum);
    }
    return largest;
  }
}
