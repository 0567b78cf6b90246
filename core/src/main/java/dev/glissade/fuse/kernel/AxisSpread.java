package dev.glissade.fuse.kernel;

import dev.glissade.fuse.graph.AxisMap;
import java.util.Arrays;

/** Repeats a small array along the axes that it lacks: fills the elements of one range. */
public final class AxisSpread {
  /** Shorter runs are filled one by one: a call of a copying routine takes longer. */
  private static final int SHORT_RUN = 16;

  private AxisSpread() {}

  /**
   * Fills some elements.
   *
   * @param small the small array, of float or double
   * @param from the first element of the large array
   * @param out receives them, an array of the same type
   * @param at the index of the first element in {@code out}
   */
  public static void fill(AxisMap map, Object small, int from, int count, Object out, int at) {
    int inner = map.inner();
    int next = from;
    int end = from + count;
    while (next < end) {
      int run = next / inner;
      int within = next - run * inner;
      int length = Math.min(inner - within, end - next);
      int base = map.base(run);
      int to = at + next - from;
      if (small instanceof float[] floats) {
        fill(map, floats, base + (map.innerKept() ? within : 0), (float[]) out, to, length);
      } else {
        fill(
            map,
            (double[]) small,
            base + (map.innerKept() ? within : 0),
            (double[]) out,
            to,
            length);
      }
      next += length;
    }
  }

  private static void fill(AxisMap map, float[] small, int base, float[] out, int to, int length) {
    if (!map.innerKept()) {
      Arrays.fill(out, to, to + length, small[base]);
    } else if (length >= SHORT_RUN) {
      System.arraycopy(small, base, out, to, length);
    } else {
      for (int i = 0; i < length; i++) {
        out[to + i] = small[base + i];
      }
    }
  }

  private static void fill(
      AxisMap map, double[] small, int base, double[] out, int to, int length) {
    if (!map.innerKept()) {
      Arrays.fill(out, to, to + length, small[base]);
    } else if (length >= SHORT_RUN) {
      System.arraycopy(small, base, out, to, length);
    } else {
      for (int i = 0; i < length; i++) {
        out[to + i] = small[base + i];
      }
    }
  }
}
