package dev.glissade.fuse;

import java.util.Arrays;

/**
 * One range of a loop, as a kernel takes it: some pieces, each a run of elements of its own arrays.
 * Belongs to one thread. Generated code reads the fields.
 */
final class Work {
  /** All leaves' arrays, one leaf after the other, or one leaf's blocks. */
  Object[] arrays = {};

  /** The arrays of {@link Spills}, each under {@link #position} or, like blocks, the index. */
  Object[] temporaries = {};

  double[] scalars = {};
  long[] keys = {};
  int pieces;

  /** Per piece, where its arrays begin. */
  final int[] array;

  /** Per piece, where its keys begin. */
  final int[] key;

  final int[] from;
  final int[] to;

  /** Per piece, its first element's position in the range, for {@link LaneOrder#ROWS}. */
  final int[] position;

  /** Per piece, what is added to an index to have the element's number in its leaf. */
  final int[] offset;

  Work(int mostPieces) {
    this.array = new int[mostPieces];
    this.key = new int[mostPieces];
    this.from = new int[mostPieces];
    this.to = new int[mostPieces];
    this.position = new int[mostPieces];
    this.offset = new int[mostPieces];
  }

  /** Makes room for a kernel's temporary arrays. */
  void makeRoom(Kernel kernel, Element compute) {
    int from = temporaries.length;
    if (from < kernel.temporaries()) {
      Object[] more = Arrays.copyOf(temporaries, kernel.temporaries());
      for (int t = from; t < more.length; t++) {
        more[t] = compute.allocate(Loop.RANGE);
      }
      temporaries = more;
    }
  }

  /** Takes the pieces of a range, of leaves with so many arrays and keys each. */
  void take(Ranges ranges, int range, int arraysPerLeaf, int keysPerLeaf) {
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
