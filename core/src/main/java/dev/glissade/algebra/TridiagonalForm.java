package dev.glissade.algebra;

/**
 * A symmetric matrix A = Q T Q' as a tridiagonal T and an orthogonal Q, by Householder's
 * reflections (Golub and Van Loan, "Matrix Computations", 4th edition, algorithm 8.3.1).
 *
 * @param diagonal the diagonal of T
 * @param side the numbers beside it, and a 0
 * @param q the rows of Q
 */
record TridiagonalForm(double[] diagonal, double[] side, double[][] q) {

  /** Returns the form of the matrix of these rows, which it overwrites. */
  static TridiagonalForm of(double[][] a) {
    int n = a.length;
    double[] diagonal = new double[n];
    double[] side = new double[n];
    Reflector[] reflectors = new Reflector[Math.max(0, n - 1)];
    for (int k = 0; k < n; k++) {
      diagonal[k] = a[k][k];
      if (k + 1 < n) {
        double[] below = new double[n - k - 1];
        System.arraycopy(a[k], k + 1, below, 0, below.length);
        reflectors[k] = Reflector.of(below);
        side[k] = reflectors[k].result();
        reflectBothSides(a, reflectors[k], k + 1);
      }
    }
    return new TridiagonalForm(diagonal, side, product(reflectors, n));
  }

  /** Replaces the matrix from row and column k on by H A H = A - v w' - w v'. */
  private static void reflectBothSides(double[][] a, Reflector h, int k) {
    if (h.factor() == 0) {
      return;
    }
    int n = a.length;
    double[] v = new double[n];
    System.arraycopy(h.v(), 0, v, k, n - k);
    // p = factor A v, w = p - factor/2 (p'v) v
    double[] w = new double[n];
    h.addTo(w, a, k, k);
    double along = 0;
    for (int j = k; j < n; j++) {
      w[j] *= h.factor();
      along += w[j] * v[j];
    }
    for (int j = k; j < n; j++) {
      w[j] -= h.factor() / 2 * along * v[j];
    }
    for (int i = k; i < n; i++) {
      subtract(a[i], v[i], w, w[i], v, k);
    }
  }

  private static void subtract(
      double[] row, double v, double[] timesW, double w, double[] timesV, int from) {
    for (int j = from; j < row.length; j++) {
      row[j] -= v * timesW[j] + w * timesV[j];
    }
  }

  /** Returns H_0 H_1 ..., each of which changes the rows and columns after its number. */
  private static double[][] product(Reflector[] reflectors, int n) {
    double[][] q = new double[n][n];
    for (int i = 0; i < n; i++) {
      q[i][i] = 1;
    }
    for (int k = n - 2; k >= 0; k--) {
      reflectors[k].applyTo(q, k + 1, k + 1);
    }
    return q;
  }
}
