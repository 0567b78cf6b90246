package dev.glissade.fuse.codegen;

import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.tape.LaneOrder;
import dev.glissade.fuse.tape.Ranges;
import dev.glissade.fuse.tape.Spills;
import java.util.Arrays;

/**
 * One range of a loop, as a kernel takes it: some pieces, each a run of elements of its own arrays.
 * Belongs to one thread. Generated code reads the fields.
 */
public final class KernelArguments {
  /** All leaves' arrays, one leaf after the other, or one leaf's blocks. */
  public Object[] arrays = {};

  /** The arrays of {@link Spills}, each under {@link #position} or, like blocks, the index. */
  Object[] temporaries = {};

  public double[] scalars = {};
  public long[] keys = {};
  public int pieces;

  /** Per piece, where its arrays begin. */
  public final int[] array;

  /** Per piece, where its keys begin. */
  public final int[] key;

  public final int[] from;
  public final int[] to;

  /** Per piece, its first element's position in the range, for {@link LaneOrder#ROWS}. */
  public final int[] position;

  /** Per piece, what is added to an index to have the element's number in its leaf. */
  public final int[] offset;

  public KernelArguments(int mostPieces) {
    this.array = new int[mostPieces];
    this.key = new int[mostPieces];
    this.from = new int[mostPieces];
    this.to = new int[mostPieces];
    this.position = new int[mostPieces];
    this.offset = new int[mostPieces];
  }

  /** Allocates temporary arrays, so that there are at least this many. */
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

  /** Takes the pieces of a range, of leaves with so many arrays and keys each. */
  public void take(Ranges ranges, int range, int arraysPerLeaf, int keysPerLeaf) {
    int first = ranges.first()[range];
    pieces = ranges.first()[range + 1] - first;
    int at = 0;
    for (int p = 0; p < pieces; p++) {
      int leaf = ranges.leaf()[first + p];
      array[p] = leaf * arraysPerLeaf;
      key[p] = leaf * keysPerLeaf;
      from[p] = ranges.from()[first + p];
      to[p] = from[p] + ranges.length()[first + p];
      offset[p] = 0;
      position[p] = at;
      at = LaneOrder.next(at, ranges.length()[first + p]);
    }
  }
}
