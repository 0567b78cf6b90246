package dev.glissade.fuse.plan;

import dev.glissade.fuse.kernel.Kernel;
import dev.glissade.fuse.tape.Ranges;
import dev.glissade.fuse.tape.Tape;
import java.util.Arrays;

/**
 * One kernel over some leaves, with the tape's operands: planes and keys for each leaf, scalars and
 * reductions for all leaves.
 *
 * @param sizes the number of elements of each leaf
 * @param ranges the ranges of the leaves
 * @param arrays the planes, leaf by leaf
 * @param scalars the scalar nodes
 * @param keys the key nodes, leaf by leaf
 * @param reductions the nodes that receive the results
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

  /** A plane of the result of a target, or of the value of a node. */
  public record ArrayRef(boolean ofTarget, int index, int plane) {

    /** Returns another plane of the same node or target. */
    public ArrayRef at(int otherPlane) {
      return new ArrayRef(ofTarget, index, otherPlane);
    }
  }

  /** Returns the number of elements of all leaves. */
  public long size() {
    return Arrays.stream(sizes).asLongStream().sum();
  }
}
