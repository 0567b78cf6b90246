package dev.glissade.algebra;

import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Decomposes dense row-major matrices that begin at index 0 of their arrays, in float64. Their
 * numbers are finite, and their squares neither overflow nor underflow: {@link Matrix} sees to
 * that.
 *
 * <p>An implementation is a service for {@link ServiceLoader}; module {@code glissade-matrix} has
 * one, which calls the LAPACK of OpenBLAS and is available with its jar. Without any, Java code of
 * this package decomposes, on one thread.
 */
public interface MatrixDecomposer {

  /**
   * Returns the first implementation that is an available service, found once in a process.
   *
   * @return the implementation; the one in Java if no service is available
   */
  static MatrixDecomposer best() {
    return Best.FOUND;
  }

  /** {@return the implementation in Java of this package, which needs no library} */
  static MatrixDecomposer java() {
    return Best.JAVA;
  }

  /**
   * Replaces a symmetric matrix by its orthonormal eigenvectors, one in each row, in the order of
   * ascending eigenvalues.
   *
   * @param n the number of rows and columns
   * @param a the matrix, both triangles; receives the eigenvectors
   * @param values receives the eigenvalues
   */
  void eigenvectors(int n, double[] a, double[] values);

  /**
   * Replaces a matrix A by the factor Q of A = Q R, with orthonormal columns: R is upper
   * triangular, without negative numbers on its diagonal. Where a column of A depends on those
   * before it, that of Q is any that is orthogonal to those.
   *
   * @param m the number of rows
   * @param n the number of columns, at most m
   * @param a the matrix; receives Q
   */
  void orthonormalize(int m, int n, double[] a);

  /** {@return whether what computes is there; if not, {@link #best} passes over it} */
  default boolean isAvailable() {
    return true;
  }

  /** {@return the name of what computes, for reports} */
  String library();

  /** Holds what was found, once a decomposition is asked for. */
  final class Best {
    private static final MatrixDecomposer JAVA = new JavaDecomposer();
    private static final MatrixDecomposer FOUND =
        ServiceLoader.load(MatrixDecomposer.class, MatrixDecomposer.class.getClassLoader()).stream()
            .map(Best::made)
            .filter(made -> made != null && made.isAvailable())
            .findFirst()
            .orElse(JAVA);

    private Best() {}

    /** Returns an implementation; null if it lacks a library. */
    private static @Nullable MatrixDecomposer made(
        ServiceLoader.Provider<MatrixDecomposer> provider) {
      try {
        return provider.get();
      } catch (ServiceConfigurationError | LinkageError e) {
        return null;
      }
    }
  }
}
