package dev.glissade.matrix;

import java.util.function.UnaryOperator;

/**
 * The eigenvalue of largest magnitude of a diagonalizable matrix A, by power iteration: {@code z =
 * A v, lambda = <v, z>, v = z / |z|}, until |z - lambda v| / |lambda| is at most the tolerance. May
 * not converge if two eigenvalues have the largest magnitude.
 *
 * @param eigenvalue lambda
 * @param eigenvector of norm 1; 0 if the start or its product with A is 0
 * @param iterations how many were needed
 */
public record PowerIteration(double eigenvalue, double[] eigenvector, int iterations) {
  /** Optax's number of iterations. */
  private static final int MOST = 100;

  private static final double TOLERANCE = 1e-6;

  /**
   * Runs at most 100 iterations to a tolerance of 1e-6.
   *
   * @param matrix a square matrix, row-major
   * @param start any vector but 0, such as random numbers
   * @return the eigenvalue and its eigenvector
   * @throws IllegalArgumentException if the matrix has not as many rows and columns as the start
   *     has numbers
   */
  public static PowerIteration of(double[] matrix, double[] start) {
    return of(matrix, start, MOST, TOLERANCE);
  }

  /**
   * Runs a power iteration on a matrix.
   *
   * @param matrix a square matrix, row-major
   * @param start any vector but 0, such as random numbers
   * @param iterations the largest number of iterations, not negative
   * @param tolerance of the relative error, not negative
   * @return the eigenvalue and its eigenvector
   * @throws IllegalArgumentException if the matrix has not as many rows and columns as the start
   *     has numbers, or an argument is negative
   */
  public static PowerIteration of(
      double[] matrix, double[] start, int iterations, double tolerance) {
    int n = start.length;
    Vectors.requireLength("matrix", matrix.length, (long) n * n);
    MatrixProduct product = MatrixProduct.best();
    return of(
        v -> {
          double[] z = new double[n];
          product.multiply(ProductShape.of(n, 1, n), matrix, v, z);
          return z;
        },
        start,
        iterations,
        tolerance);
  }

  /**
   * Runs a power iteration on a function that multiplies a vector by a matrix, such as a Hessian.
   *
   * @param product returns A v in a new array
   * @param start any vector but 0, such as random numbers
   * @param iterations the largest number of iterations, not negative
   * @param tolerance of the relative error, not negative
   * @return the eigenvalue and its eigenvector
   * @throws IllegalArgumentException if an argument is negative
   */
  public static PowerIteration of(
      UnaryOperator<double[]> product, double[] start, int iterations, double tolerance) {
    Vectors.requireNotNegative("iterations", iterations);
    Vectors.requireNotNegative("tolerance", tolerance);
    double[] z = product.apply(Vectors.normalized(start));
    double eigenvalue = 0;
    int taken = 0;
    boolean done = Vectors.norm(z) == 0;
    while (taken < iterations && !done) {
      double[] v = Vectors.normalized(z);
      z = product.apply(v);
      eigenvalue = Vectors.dot(v, z);
      taken++;
      double error = 0;
      for (int i = 0; i < v.length; i++) {
        error += Math.pow(z[i] - eigenvalue * v[i], 2);
      }
      done = !(Math.sqrt(error) > tolerance * Math.abs(eigenvalue)) || Vectors.norm(z) == 0;
    }
    return new PowerIteration(eigenvalue, Vectors.normalized(z), taken);
  }
}
