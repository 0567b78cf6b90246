package dev.glissade.fuse.plan;

import dev.glissade.fuse.graph.AxisMap;
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
 * @param small the smaller trees that it reads and computes
 */
public record Loop(
    Tape tape,
    Kernel kernel,
    int[] sizes,
    Ranges ranges,
    ArrayRef[] arrays,
    int[] scalars,
    int[] keys,
    int[] reductions,
    Small small) {

  /**
   * The operands of a loop that have fewer elements than its leaves.
   *
   * @param numbers the numbers of each leaf, leaf by leaf
   * @param spreads the arrays that are repeated along axes, leaf by leaf
   * @param folds the nodes that receive the values that the loop reduces over axes
   * @param foldArrays the number of the array, after the spread ones, with the values of each fold:
   *     values may be reduced over several axes
   * @param folded where those of each leaf go, leaf by leaf
   * @param targets the plane of the result of each reduction by leaf, leaf by leaf; -1 for a
   *     reduction of the whole tree
   */
  public record Small(
      ArrayRef[] numbers,
      SpreadRef[] spreads,
      int[] folds,
      int[] foldArrays,
      FoldRef[] folded,
      int[] targets) {
    /** Returns no such operands. */
    public static Small none(int targets) {
      int[] whole = new int[targets];
      Arrays.fill(whole, -1);
      return new Small(
          new ArrayRef[0], new SpreadRef[0], new int[0], new int[0], new FoldRef[0], whole);
    }
  }

  /** An array that is repeated along some axes of a leaf. */
  public record SpreadRef(ArrayRef source, AxisMap map) {}

  /** The plane of a result that a leaf is reduced to over some axes. */
  public record FoldRef(int plane, AxisMap map) {}

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
