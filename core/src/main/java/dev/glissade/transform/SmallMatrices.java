package dev.glissade.transform;

/** Arithmetic on matrices of a few rows. */
final class SmallMatrices {
  private SmallMatrices() {}

  /** Returns the inverse by elimination with the largest pivot of each column; NaN if singular. */
  static double[][] inverse(double[][] matrix) {
    int n = matrix.length;
    double[][] rows = new double[n][];
    for (int i = 0; i < n; i++) {
      rows[i] = new double[2 * n];
      System.arraycopy(matrix[i], 0, rows[i], 0, n);
      rows[i][n + i] = 1;
    }
    for (int column = 0; column < n; column++) {
      int pivot = column;
      for (int i = column + 1; i < n; i++) {
        pivot = Math.abs(rows[i][column]) > Math.abs(rows[pivot][column]) ? i : pivot;
      }
      double[] row = rows[pivot];
      rows[pivot] = rows[column];
      rows[column] = row;
      double factor = 1 / row[column];
      for (int j = 0; j < row.length; j++) {
        row[j] *= factor;
      }
      for (int i = 0; i < n; i++) {
        if (i != column) {
          eliminate(rows[i], rows[i][column], row);
        }
      }
    }
    double[][] inverse = new double[n][n];
    for (int i = 0; i < n; i++) {
      System.arraycopy(rows[i], n, inverse[i], 0, n);
    }
    return inverse;
  }

  private static void eliminate(double[] row, double factor, double[] pivot) {
    for (int j = 0; j < row.length; j++) {
      row[j] -= factor * pivot[j];
    }
  }
}
