package dev.glissade.fuse;

/**
 * One kernel over some leaves: which arrays and keys of the frame are the tape's arguments for each
 * leaf, which scalars for all, and where its reductions go.
 *
 * @param sizes the elements of each leaf
 * @param ranges how the leaves are cut
 * @param arrays references, one leaf after the other: a node's plane, or a target's plane
 * @param keys nodes, one leaf after the other
 * @param reductions the nodes that take the results
 */
record Loop(
    Tape tape,
    Kernel kernel,
    int[] sizes,
    Ranges ranges,
    ArrayRef[] arrays,
    int[] scalars,
    int[] keys,
    int[] reductions) {

  /**
   * Elements that a kernel works on at a time: what one section leaves, the next finds in cache.
   */
  static final int RANGE = 32_768;

  /** Elements of an interpreter's block, and lanes of a reduction. */
  static final int BLOCK = 512;

  /** A plane of the frame: of a target's result, or of a node's value. */
  record ArrayRef(boolean ofTarget, int index, int plane) {
    ArrayRef at(int otherPlane) {
      return new ArrayRef(ofTarget, index, otherPlane);
    }

    /** All planes of the same node or target. */
    Plane[] planes(Frame frame) {
      Plane[] planes = ofTarget ? frame.results[index] : frame.planes(index);
      if (planes == null) {
        throw new IllegalStateException("target " + index + " has no room");
      }
      return planes;
    }
  }

  /** The elements of all leaves. */
  long size() {
    long size = 0;
    for (int leaf : sizes) {
      size += leaf;
    }
    return size;
  }
}
