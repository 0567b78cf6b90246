package dev.glissade.fuse.plan;

import dev.glissade.fuse.kernel.Kernel;
import dev.glissade.fuse.tape.Ranges;
import dev.glissade.fuse.tape.Tape;

/**
 * One kernel over some leaves: which planes and keys are the tape's arguments for each leaf, which
 * scalars for all of them, and which nodes take its reductions.
 *
 * @param sizes the elements of each leaf
 * @param ranges how the leaves are cut
 * @param arrays references, one leaf after the other
 * @param scalars nodes
 * @param keys nodes, one leaf after the other
 * @param reductions the nodes that take the results
 */
public record Loop(
    Tape tape,
    Kernel kernel,
    int[] sizes,
    Ranges ranges,
    ArrayRef[] arrays,
    int[] scalars,
    int[] keys,
    int[] reductions) {

  /** A plane of a target's result, or of a node's value. */
  public record ArrayRef(boolean ofTarget, int index, int plane) {

    /** Returns another plane of the same node or target. */
    public ArrayRef at(int otherPlane) {
      return new ArrayRef(ofTarget, index, otherPlane);
    }
  }

  /** Returns the number of elements of all leaves. */
  public long size() {
    long size = 0;
    for (int leaf : sizes) {
      size += leaf;
    }
    return size;
  }
}
