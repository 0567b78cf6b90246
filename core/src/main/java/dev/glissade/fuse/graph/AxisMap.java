package dev.glissade.fuse.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the elements of a large array lie in a smaller one that lacks some of its axes. Neighboring
 * axes that are both kept, or both dropped, count as one, and axes of length 1 do not count; so
 * kept and dropped axes alternate. Compares by content.
 */
public final class AxisMap {
  /** The lengths of the axes, from the outermost to the innermost. */
  private final int[] lengths;

  /** Whether the smaller array has the innermost axis. */
  private final boolean innerKept;

  private final int large;
  private final int small;

  private AxisMap(int[] lengths, boolean innerKept, boolean empty) {
    this.lengths = lengths;
    this.innerKept = innerKept;
    int kept = 1;
    int all = empty ? 0 : 1;
    for (int axis = 0; axis < lengths.length; axis++) {
      all *= lengths[axis];
      kept *= isKept(axis) ? lengths[axis] : 1;
    }
    this.large = all;
    this.small = kept;
  }

  /**
   * Returns the map from an array of a shape.
   *
   * @param dropped whether the smaller array lacks each axis
   */
  public static AxisMap of(int[] shape, boolean[] dropped) {
    List<Integer> lengths = new ArrayList<>();
    boolean kept = true;
    boolean empty = false;
    for (int axis = 0; axis < shape.length; axis++) {
      empty |= shape[axis] == 0 && dropped[axis];
      if (shape[axis] == 1 || (shape[axis] == 0 && dropped[axis])) {
        continue;
      }
      int last = lengths.size() - 1;
      if (last >= 0 && kept != dropped[axis]) {
        lengths.set(last, lengths.get(last) * shape[axis]);
      } else {
        lengths.add(shape[axis]);
      }
      kept = !dropped[axis];
    }
    int[] all = lengths.stream().mapToInt(Integer::intValue).toArray();
    return new AxisMap(all, kept, empty);
  }

  private boolean isKept(int axis) {
    return innerKept == ((lengths.length - 1 - axis) % 2 == 0);
  }

  /** Returns the number of elements of the large array. */
  public int large() {
    return large;
  }

  /** Returns the number of elements of the smaller array. */
  public int small() {
    return small;
  }

  /** Returns whether both arrays have the same elements. */
  public boolean isIdentity() {
    boolean allKept = lengths.length == 0 || (lengths.length == 1 && innerKept);
    return allKept && large == small;
  }

  /** Returns whether the smaller array is one number. */
  public boolean isNumber() {
    return lengths.length == 0 || (lengths.length == 1 && !innerKept);
  }

  /** Returns the length of the innermost axis: as many elements lie next to each other. */
  public int inner() {
    return lengths.length == 0 ? 1 : lengths[lengths.length - 1];
  }

  /** Returns whether the smaller array has the innermost axis. */
  public boolean innerKept() {
    return innerKept;
  }

  /**
   * Returns where the elements of a run along the innermost axis begin in the smaller array.
   *
   * @param run the number of the run in the large array
   */
  public int base(int run) {
    int scale = innerKept ? inner() : 1;
    int base = 0;
    int rest = run;
    for (int axis = lengths.length - 2; axis >= 0; axis--) {
      if (isKept(axis)) {
        base += rest % lengths[axis] * scale;
        scale *= lengths[axis];
      }
      rest /= lengths[axis];
    }
    return base;
  }

  /**
   * Returns the first and the end of the smaller array's elements that some consecutive elements of
   * the large one need; possibly a few more.
   *
   * @param from the first element
   * @param to the end of the elements, greater than {@code from}
   */
  public int[] window(int from, int to) {
    int first = from;
    int last = to - 1;
    int begin = 0;
    int below = large;
    int smallBelow = small;
    for (int axis = 0; axis < lengths.length; axis++) {
      below /= lengths[axis];
      int firstRow = first / below;
      int lastRow = last / below;
      if (isKept(axis)) {
        smallBelow /= lengths[axis];
        if (firstRow != lastRow) {
          return new int[] {begin + firstRow * smallBelow, begin + (lastRow + 1) * smallBelow};
        }
        begin += firstRow * smallBelow;
      } else if (firstRow != lastRow) {
        return new int[] {begin, begin + smallBelow};
      }
      first %= below;
      last %= below;
    }
    return new int[] {begin, begin + 1};
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof AxisMap that
            && innerKept == that.innerKept
            && large == that.large
            && Arrays.equals(lengths, that.lengths));
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(lengths) + Boolean.hashCode(innerKept) + large;
  }

  @Override
  public String toString() {
    return (innerKept ? "keeps the last of " : "drops the last of ") + Arrays.toString(lengths);
  }
}
