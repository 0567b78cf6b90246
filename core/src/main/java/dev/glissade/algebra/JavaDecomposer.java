package dev.glissade.algebra;

/**
 * Decompositions in Java alone, by the methods of Golub and Van Loan, "Matrix Computations", 4th
 * edition: Householder's QR (algorithms 5.2.1 and 5.1.5, section 5.1.6), and for eigenvectors
 * {@link TridiagonalForm} and {@link QrIterations}.
 *
 * <p>Each row is copied to an array of its own, so that innermost loops have one index for all of
 * their arrays: the compiler vectorizes these.
 */
final class JavaDecomposer implements MatrixDecomposer {

  @Override
  public String library() {
    return "Java";
  }

  @Override
  public void eigenvectors(int n, double[] a, double[] values) {
    double[][] rows = rows(n, n, a);
    TridiagonalForm form = TridiagonalForm.of(rows);
    QrIterations iterations = new QrIterations(form);
    iterations.run();
    iterations.write(a, values);
  }

  /** Copies the rows of a matrix. */
  private static double[][] rows(int m, int n, double[] a) {
    double[][] rows = new double[m][n];
    for (int i = 0; i < m; i++) {
      System.arraycopy(a, i * n, rows[i], 0, n);
    }
    return rows;
  }

  @Override
  public void orthonormalize(int m, int n, double[] a) {
    double[][] rows = rows(m, n, a);
    Reflector[] reflectors = new Reflector[n];
    for (int k = 0; k < n; k++) {
      double[] column = new double[m - k];
      for (int i = k; i < m; i++) {
        column[i - k] = rows[i][k];
      }
      reflectors[k] = Reflector.of(column);
      reflectors[k].applyTo(rows, k, k + 1);
    }
    // Q = H_0 H_1 ... I, from the last on
    for (int k = n - 1; k >= 0; k--) {
      for (int i = 0; i < m; i++) {
        rows[i][k] = i == k ? 1 : 0;
      }
      for (int j = k + 1; j < n; j++) {
        rows[k][j] = 0;
      }
      reflectors[k].applyTo(rows, k, k);
    }
    for (int i = 0; i < m; i++) {
      for (int k = 0; k < n; k++) {
        a[i * n + k] = reflectors[k].result() < 0 ? -rows[i][k] : rows[i][k];
      }
    }
  }
}
