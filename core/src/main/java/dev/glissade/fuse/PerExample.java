package dev.glissade.fuse;

/** Sums over the examples of a batch; each plane holds its examples one after the other. */
public final class PerExample {
  private PerExample() {}

  /**
   * The sum over examples of {@code g_i / max(||g_i|| / clip, 1)}, the norm over all planes and
   * free of overflow. An example whose norm is not finite adds nothing.
   */
  public static Plane[] clippedSum(Plane[] batch, Layout result, int examples, double clip) {
    double[][] sums = new double[batch.length][];
    double[][] rows = new double[batch.length][];
    for (int p = 0; p < batch.length; p++) {
      sums[p] = new double[result.size(p)];
      rows[p] = new double[result.size(p)];
    }
    for (int i = 0; i < examples; i++) {
      for (int p = 0; p < batch.length; p++) {
        batch[p].element().load(batch[p].array(), i * rows[p].length, rows[p], rows[p].length);
      }
      double norm = norm(rows);
      if (Double.isFinite(norm)) {
        add(rows, Math.max(norm / clip, 1), sums);
      }
    }
    Plane[] planes = new Plane[batch.length];
    for (int p = 0; p < planes.length; p++) {
      planes[p] = Plane.of(result.element(p), sums[p]);
    }
    return planes;
  }

  private static void add(double[][] rows, double divisor, double[][] sums) {
    for (int p = 0; p < rows.length; p++) {
      for (int k = 0; k < rows[p].length; k++) {
        sums[p][k] += rows[p][k] / divisor;
      }
    }
  }

  /** Scaled by the largest element, so that squares neither overflow nor vanish. */
  private static double norm(double[][] rows) {
    double largest = 0;
    for (double[] row : rows) {
      for (double value : row) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    if (largest == 0 || !Double.isFinite(largest)) {
      return largest;
    }
    double sum = 0;
    for (double[] row : rows) {
      for (double value : row) {
        double scaled = value / largest;
        sum += scaled * scaled;
      }
    }
    return largest * Math.sqrt(sum);
  }
}
