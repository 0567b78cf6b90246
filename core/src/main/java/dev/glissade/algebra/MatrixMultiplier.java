package dev.glissade.algebra;

import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Multiplies dense row-major matrices that begin at index 0 of their arrays, in float32 or float64.
 * Results must not depend on the number of threads.
 *
 * <p>An implementation is a service for {@link ServiceLoader}; module {@code glissade-matrix} has
 * one, which calls OpenBLAS and is available with its jar. Without any, Java code of this package
 * multiplies, on one thread.
 */
public interface MatrixMultiplier {

  /**
   * Returns the first implementation that is an available service, found once in a process.
   *
   * @return the implementation; the one in Java if no service is available
   */
  static MatrixMultiplier best() {
    return Best.FOUND;
  }

  /** {@return the implementation in Java of this package, which needs no library} */
  static MatrixMultiplier java() {
    return Best.JAVA;
  }

  /**
   * Computes C = alpha op(A) op(B) + beta C, as the routine gemm of BLAS does.
   *
   * @param m the number of rows of C and op(A)
   * @param n the number of columns of C and op(B)
   * @param k the number of columns of op(A) and rows of op(B)
   * @param alpha the factor of the product
   * @param a the matrix A
   * @param transposeA whether op(A) is the transpose of A
   * @param b the matrix B
   * @param transposeB whether op(B) is the transpose of B
   * @param beta the factor of C before; with 0 its numbers don't matter
   * @param c the matrix C, another array than a and b
   */
  void multiply(
      int m,
      int n,
      int k,
      double alpha,
      float[] a,
      boolean transposeA,
      float[] b,
      boolean transposeB,
      double beta,
      float[] c);

  /**
   * Computes the same in float64.
   *
   * @param m the number of rows of C and op(A)
   * @param n the number of columns of C and op(B)
   * @param k the number of columns of op(A) and rows of op(B)
   * @param alpha the factor of the product
   * @param a the matrix A
   * @param transposeA whether op(A) is the transpose of A
   * @param b the matrix B
   * @param transposeB whether op(B) is the transpose of B
   * @param beta the factor of C before; with 0 its numbers don't matter
   * @param c the matrix C, another array than a and b
   */
  void multiply(
      int m,
      int n,
      int k,
      double alpha,
      double[] a,
      boolean transposeA,
      double[] b,
      boolean transposeB,
      double beta,
      double[] c);

  /**
   * Computes the lower triangle of C = alpha A A' + beta C, with its diagonal, for a symmetric C:
   * half of the operations of a product. The numbers above the diagonal are then any.
   *
   * @param n the number of rows of A, and of rows and columns of C
   * @param k the number of columns of A
   * @param alpha the factor of the product
   * @param a the matrix A
   * @param beta the factor of C before; with 0 its numbers don't matter
   * @param c the matrix C, of which only the lower triangle is read, another array than a
   */
  void gram(int n, int k, double alpha, float[] a, double beta, float[] c);

  /**
   * Computes the same in float64.
   *
   * @param n the number of rows of A, and of rows and columns of C
   * @param k the number of columns of A
   * @param alpha the factor of the product
   * @param a the matrix A
   * @param beta the factor of C before; with 0 its numbers don't matter
   * @param c the matrix C, of which only the lower triangle is read, another array than a
   */
  void gram(int n, int k, double alpha, double[] a, double beta, double[] c);

  /** {@return whether what computes is there; if not, {@link #best} passes over it} */
  default boolean isAvailable() {
    return true;
  }

  /** {@return the name of what computes, for reports} */
  String library();

  /** Holds what was found, once a product is asked for. */
  final class Best {
    private static final MatrixMultiplier JAVA = new JavaMultiplier();
    private static final MatrixMultiplier FOUND =
        ServiceLoader.load(MatrixMultiplier.class, MatrixMultiplier.class.getClassLoader()).stream()
            .map(Best::made)
            .filter(made -> made != null && made.isAvailable())
            .findFirst()
            .orElse(JAVA);

    private Best() {}

    /** Returns an implementation; null if it lacks a library. */
    private static @Nullable MatrixMultiplier made(
        ServiceLoader.Provider<MatrixMultiplier> provider) {
      try {
        return provider.get();
      } catch (ServiceConfigurationError | LinkageError e) {
        return null;
      }
    }
  }
}
