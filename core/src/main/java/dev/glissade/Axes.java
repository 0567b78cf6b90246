package dev.glissade;

import dev.glissade.Structure.Leaf;
import java.util.Arrays;

/**
 * Chooses axes of each leaf of a tree, for {@link Tree#sumOver}, {@link Tree#meanOver} and {@link
 * Tree#maxOver}. Axis 0 is the outermost; a leaf of shape [3, 5] stores 3 rows of 5 numbers.
 */
@FunctionalInterface
public interface Axes {

  /**
   * {@return the numbers of the chosen axes, each from 0 to less than the leaf's number of axes}
   *
   * @param leaf the type and shape of a leaf
   */
  int[] of(Leaf leaf);

  /** {@return all axes of each leaf} */
  static Axes all() {
    return allBut();
  }

  /**
   * Returns all axes except these. A leaf that lacks one of them keeps none.
   *
   * @param kept the axes that are not chosen; a negative one counts from the end, so -1 is the last
   * @return the other axes
   */
  static Axes allBut(int... kept) {
    int[] own = kept.clone();
    return leaf -> {
      int rank = leaf.shape().size();
      boolean[] keeps = new boolean[rank];
      for (int axis : own) {
        int at = axis < 0 ? axis + rank : axis;
        if (at >= 0 && at < rank) {
          keeps[at] = true;
        }
      }
      return numbers(keeps, false);
    };
  }

  /**
   * Returns the same axes of each leaf, as far as a leaf has them.
   *
   * @param chosen the axes; a negative one counts from the end, so -1 is the last
   * @return the axes
   */
  static Axes of(int... chosen) {
    int[] own = chosen.clone();
    return leaf -> {
      int rank = leaf.shape().size();
      boolean[] has = new boolean[rank];
      for (int axis : own) {
        int at = axis < 0 ? axis + rank : axis;
        if (at >= 0 && at < rank) {
          has[at] = true;
        }
      }
      return numbers(has, true);
    };
  }

  private static int[] numbers(boolean[] marks, boolean mark) {
    int[] numbers = new int[marks.length];
    int count = 0;
    for (int axis = 0; axis < marks.length; axis++) {
      if (marks[axis] == mark) {
        numbers[count++] = axis;
      }
    }
    return Arrays.copyOf(numbers, count);
  }
}
