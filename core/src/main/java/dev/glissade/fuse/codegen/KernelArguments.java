package dev.glissade.fuse.codegen;

import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.tape.LaneOrder;
import dev.glissade.fuse.tape.Ranges;
import dev.glissade.fuse.tape.Spills;
import dev.glissade.fuse.tape.Tape;
import java.util.Arrays;

/**
 * The operands of a kernel for one range: its pieces, each a run of elements of one leaf's arrays.
 * Each thread has its own. Generated code reads the fields.
 */
public final class KernelArguments {
  /** The arrays of all leaves, leaf by leaf, or the staging buffers of the range. */
  public Object[] arrays = {};

  /**
   * The staged arrays of the range, then those of {@link Spills}; vector loops index them by {@link
   * #position}.
   */
  public Object[] temporaries = {};

  /** The scalars of the loop, then those of each leaf, leaf by leaf. */
  public double[] scalars = {};

  public long[] keys = {};
  public int pieces;

  /** The first array of each piece in {@link #arrays}. */
  public final int[] array;

  /** The first key of each piece in {@link #keys}. */
  public final int[] key;

  /** What each piece adds to the numbers of its leaf's scalars. */
  public final int[] scalar;

  public final int[] from;
  public final int[] to;

  /** The position of each piece's first element in the range, for {@link LaneOrder#ROWS}. */
  public final int[] position;

  /** The difference between an element's number in its leaf and its index, for each piece. */
  public final int[] offset;

  public KernelArguments(int maxPieces) {
    this.array = new int[maxPieces];
    this.key = new int[maxPieces];
    this.scalar = new int[maxPieces];
    this.from = new int[maxPieces];
    this.to = new int[maxPieces];
    this.position = new int[maxPieces];
    this.offset = new int[maxPieces];
  }

  /** Allocates temporary arrays until there are at least {@code count}. */
  public void ensureTemporaries(int count, Element compute) {
    int from = temporaries.length;
    if (from < count) {
      Object[] more = Arrays.copyOf(temporaries, count);
      for (int t = from; t < count; t++) {
        more[t] = compute.allocate(Ranges.SIZE);
      }
      temporaries = more;
    }
  }

  /** Points the arguments to the pieces of a range. */
  public void setRange(Ranges ranges, int range, Tape tape) {
    int first = ranges.first()[range];
    pieces = ranges.first()[range + 1] - first;
    int at = 0;
    for (int p = 0; p < pieces; p++) {
      int leaf = ranges.leaf()[first + p];
      array[p] = leaf * tape.arrays();
      key[p] = leaf * tape.keys();
      scalar[p] = leaf * tape.leafScalars();
      from[p] = ranges.from()[first + p];
      to[p] = from[p] + ranges.length()[first + p];
      offset[p] = 0;
      position[p] = at;
      at = LaneOrder.positionAfter(at, ranges.length()[first + p]);
    }
  }
}
