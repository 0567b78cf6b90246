package dev.glissade;

import dev.glissade.fuse.graph.HostCallback;
import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.memory.Layout;
import dev.glissade.fuse.memory.Plane;
import java.util.Arrays;

/** Sums over the examples of a batch; each plane holds its examples one after another. */
final class PerExampleSums {
  private static final int BLOCK = 512;

  private final Plane[] sums;
  private final double[] divisors;
  private final double[] factors;
  private final Object[] arrays;
  private final double[] row = new double[BLOCK];
  private final double[] sum = new double[BLOCK];

  private PerExampleSums(Layout result, int examples) {
    this.sums = result.allocate();
    this.divisors = new double[examples];
    this.factors = new double[examples];
    this.arrays = new Object[sums.length];
  }

  /**
   * Returns the sum over the examples of {@code g_i / max(||g_i|| / clip, 1)}, with the norm over
   * all planes. Neither the squares nor the quotient overflow or underflow. An example whose norm
   * is not finite adds nothing.
   *
   * @param workspace keeps what the next call reuses
   */
  static Plane[] clippedSum(
      Plane[] batch, Layout result, int examples, double clip, HostCallback.Workspace workspace) {
    PerExampleSums sums =
        workspace.kept instanceof PerExampleSums known
            ? known
            : new PerExampleSums(result, examples);
    workspace.kept = sums;
    return sums.clippedSum(batch, clip);
  }

  private Plane[] clippedSum(Plane[] batch, double clip) {
    for (int p = 0; p < batch.length; p++) {
      arrays[p] = batch[p].onHeap();
    }
    for (int i = 0; i < divisors.length; i++) {
      double norm = norm(batch, i);
      double ratio = norm / clip;
      // a ratio beyond the largest double is taken in two steps
      boolean whole = ratio <= Double.MAX_VALUE || norm == 0;
      divisors[i] = Double.isFinite(norm) ? (whole ? Math.max(ratio, 1) : norm) : Double.NaN;
      factors[i] = whole ? 1 : clip;
    }
    for (int p = 0; p < sums.length; p++) {
      int size = sums[p].length();
      for (int from = 0; from < size; from += BLOCK) {
        add(batch[p].element(), p, size, from, Math.min(BLOCK, size - from));
      }
    }
    return sums;
  }

  private void add(Element element, int p, int size, int from, int count) {
    Arrays.fill(sum, 0);
    for (int i = 0; i < divisors.length; i++) {
      double divisor = divisors[i];
      double factor = factors[i];
      if (!Double.isNaN(divisor)) {
        element.load(arrays[p], i * size + from, row, count);
        for (int k = 0; k < count; k++) {
          sum[k] += row[k] / divisor * factor;
        }
      }
    }
    sums[p].element().store(sum, sums[p].array(), from, count);
  }

  /**
   * Returns an example's norm, scaled by the largest element so that squares neither overflow nor
   * underflow.
   */
  private double norm(Plane[] batch, int example) {
    double largest = 0;
    for (int p = 0; p < sums.length; p++) {
      int size = sums[p].length();
      for (int from = 0; from < size; from += BLOCK) {
        int count = Math.min(BLOCK, size - from);
        batch[p].element().load(arrays[p], example * size + from, row, count);
        for (int k = 0; k < count; k++) {
          largest = Math.max(largest, Math.abs(row[k]));
        }
      }
    }
    return largest == 0 || !Double.isFinite(largest)
        ? largest
        : largest * Math.sqrt(scaledSquares(batch, example, largest));
  }

  private double scaledSquares(Plane[] batch, int example, double scale) {
    double squares = 0;
    for (int p = 0; p < sums.length; p++) {
      int size = sums[p].length();
      for (int from = 0; from < size; from += BLOCK) {
        int count = Math.min(BLOCK, size - from);
        batch[p].element().load(arrays[p], example * size + from, row, count);
        for (int k = 0; k < count; k++) {
          double scaled = row[k] / scale;
          squares += scaled * scaled;
        }
      }
    }
    return squares;
  }
}
