package dev.glissade.matrix;

import dev.glissade.algebra.MatrixDecomposer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * Decomposes by the LAPACK of OpenBLAS's jar, on one thread. A row-major matrix is the transpose of
 * a column-major one, whose factors L Q are therefore those of our Q R, transposed.
 */
public final class LapackDecomposer implements MatrixDecomposer {
  private static final int COLUMN_MAJOR = 102;

  /** Makes the provider, for {@link java.util.ServiceLoader}. */
  public LapackDecomposer() {}

  @Override
  public String library() {
    return "OpenBLAS";
  }

  @Override
  public boolean isAvailable() {
    return Loaded.IS_THERE;
  }

  /** Loads the library when the first decomposition is asked for: that takes a while. */
  private static final class Loaded {
    static final boolean IS_THERE = Netlib.loaded().openBlas() != null && load();

    private Loaded() {}

    private static boolean load() {
      try {
        Loader.load(openblas.class);
        openblas_nolapack.blas_set_num_threads(1);
        return true;
      } catch (LinkageError e) {
        return false;
      }
    }
  }

  @Override
  public void eigenvectors(int n, double[] a, double[] values) {
    requireLength(a, n, n);
    requireLength(values, n, 1);
    double[] kept = a.clone();
    int failed = openblas.LAPACKE_dsyevd(COLUMN_MAJOR, (byte) 'V', (byte) 'L', n, a, n, values);
    if (failed != 0) {
      System.arraycopy(kept, 0, a, 0, n * n);
      MatrixDecomposer.java().eigenvectors(n, a, values);
    }
  }

  @Override
  public void orthonormalize(int m, int n, double[] a) {
    requireLength(a, m, n);
    double[] factors = new double[n];
    require(openblas.LAPACKE_dgelqf(COLUMN_MAJOR, n, m, a, n, factors));
    boolean[] negative = new boolean[n];
    for (int k = 0; k < n; k++) {
      negative[k] = a[k * n + k] < 0;
    }
    require(openblas.LAPACKE_dorglq(COLUMN_MAJOR, n, m, n, a, n, factors));
    for (int i = 0; i < m; i++) {
      for (int k = 0; k < n; k++) {
        a[i * n + k] = negative[k] ? -a[i * n + k] : a[i * n + k];
      }
    }
  }

  private static void requireLength(double[] array, int rows, int columns) {
    long needed = (long) rows * columns;
    if (array.length < needed) {
      throw new IllegalArgumentException(
          "an array must have at least %d elements, but had %d".formatted(needed, array.length));
    }
  }

  private static void require(int result) {
    if (result != 0) {
      throw new IllegalArgumentException(
          "LAPACK must not refuse the matrix, but returned " + result);
    }
  }
}
