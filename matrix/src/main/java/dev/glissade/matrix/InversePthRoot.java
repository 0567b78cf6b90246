package dev.glissade.matrix;

import java.util.Arrays;

/**
 * The inverse p-th root A^(-1/p) of a symmetric matrix without negative eigenvalues, by coupled
 * Newton iterations (Higham, "Functions of Matrices", 2008, equation 7.18). With alpha = -1/p, M
 * near I, and H the estimate of the root:
 *
 * <pre>{@code
 * T = (1 - alpha) I + alpha M,   M <- T^p M,   H <- H T
 * }</pre>
 *
 * <p>A ridge is added to A first: ridgeEpsilon times its largest eigenvalue, on the diagonal.
 *
 * <p>Differs from Optax, which computes in float32 and takes p from 1, 2, 4 and 8 only.
 *
 * @param root A^(-1/p), row-major
 * @param error the largest magnitude of M - I at the end
 */
public record InversePthRoot(double[] root, double error) {
  private static final double RIDGE = 1e-6;
  private static final int ITERATIONS = 100;
  private static final double TOLERANCE = 1e-6;

  /** An error may grow by this factor before it falls; beyond, the iteration has diverged. */
  private static final double MAY_GROW = 1.2;

  private static final double LEAST_EIGENVALUE = 1e-16;

  /**
   * Computes the root with a ridge of 1e-6, at most 100 iterations and a tolerance of 1e-6.
   *
   * @param matrix a symmetric matrix without negative eigenvalues, of n rows, row-major
   * @param n the number of rows
   * @param p the root, at least 1
   * @return the inverse root
   * @throws IllegalArgumentException if the matrix has not n rows and columns, or p is less than 1
   */
  public static InversePthRoot of(double[] matrix, int n, int p) {
    return of(matrix, n, p, ITERATIONS, RIDGE, TOLERANCE);
  }

  /**
   * Computes the root.
   *
   * @param matrix a symmetric matrix without negative eigenvalues, of n rows, row-major
   * @param n the number of rows
   * @param p the root, at least 1
   * @param iterations the largest number of iterations, not negative
   * @param ridgeEpsilon the ridge as a fraction of the largest eigenvalue, not negative
   * @param tolerance of the error, not negative
   * @return the inverse root
   * @throws IllegalArgumentException if the matrix has not n rows and columns, p is less than 1, or
   *     an argument is negative
   */
  public static InversePthRoot of(
      double[] matrix, int n, int p, int iterations, double ridgeEpsilon, double tolerance) {
    Vectors.requireLength("matrix", matrix.length, (long) n * n);
    Vectors.requireNotNegative("iterations", iterations);
    Vectors.requireNotNegative("ridgeEpsilon", ridgeEpsilon);
    Vectors.requireNotNegative("tolerance", tolerance);
    if (p < 1) {
      throw new IllegalArgumentException("p must be at least 1, but was " + p);
    }
    double[] damped = damped(matrix, n, ridgeEpsilon);
    return n == 1
        ? new InversePthRoot(new double[] {Math.pow(damped[0], -1.0 / p)}, 0)
        : new Iteration(n, p).run(damped, iterations, tolerance);
  }

  private static double[] damped(double[] matrix, int n, double ridgeEpsilon) {
    // a start that is unlikely to be without a share of the eigenvector
    double[] start = new double[n];
    Arrays.setAll(start, i -> 1 + Math.sin(i + 1) / 2);
    double largest = PowerIteration.of(matrix, start).eigenvalue();
    double[] damped = matrix.clone();
    for (int i = 0; i < n; i++) {
      damped[i * n + i] += ridgeEpsilon * Math.max(largest, LEAST_EIGENVALUE);
    }
    return damped;
  }

  private record Iteration(int n, int p) {
    InversePthRoot run(double[] damped, int iterations, double tolerance) {
      double z = (1 + p) / (2 * Vectors.norm(damped));
      double[] m = new double[n * n];
      Arrays.setAll(m, i -> damped[i] * z);
      double[] h = identity(Math.pow(z, 1.0 / p));
      double error = error(m);
      for (int i = 0; i < iterations && error > tolerance; i++) {
        double[] t = new double[n * n];
        for (int k = 0; k < t.length; k++) {
          t[k] = (k % (n + 1) == 0 ? 1 + 1.0 / p : 0) - m[k] / p;
        }
        double[] next = product(power(t), m);
        double nextError = error(next);
        if (!(nextError < error * MAY_GROW)) {
          return new InversePthRoot(h, error); // diverged: the root before is the best
        }
        m = next;
        h = product(h, t);
        error = nextError;
      }
      return new InversePthRoot(h, error);
    }

    private double[] identity(double scale) {
      double[] identity = new double[n * n];
      for (int i = 0; i < n; i++) {
        identity[i * n + i] = scale;
      }
      return identity;
    }

    /** Returns the largest magnitude of M - I. */
    private double error(double[] m) {
      double[] rest = identity(-1);
      Arrays.setAll(rest, i -> rest[i] + m[i]);
      return Vectors.largest(rest);
    }

    /** Returns T^p by squaring. */
    private double[] power(double[] t) {
      double[] power = identity(1);
      double[] square = t;
      for (int left = p; left > 0; left >>= 1) {
        power = (left & 1) == 1 ? product(power, square) : power;
        square = left > 1 ? product(square, square) : square;
      }
      return power;
    }

    private double[] product(double[] a, double[] b) {
      double[] c = new double[n * n];
      MatrixProduct.best().multiply(ProductShape.of(n, n, n), a, b, c);
      return c;
    }
  }
}
