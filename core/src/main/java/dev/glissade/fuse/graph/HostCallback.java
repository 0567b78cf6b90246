package dev.glissade.fuse.graph;

import dev.glissade.fuse.memory.Plane;
import org.jspecify.annotations.Nullable;

/** A function that is opaque to the engine, which calls it between passes with evaluated trees. */
@FunctionalInterface
public interface HostCallback {

  /**
   * Computes the result.
   *
   * @param inputs the planes of each tree operand, borrowed for the call
   * @param workspace memory that the function may reuse in the next call
   * @return planes of the node's layout; the next call may overwrite them
   */
  Plane[] call(Plane[][] inputs, Workspace workspace);

  /** What a node's function is given and retains between the runs of an execution. */
  final class Workspace {
    public final Plane[][] inputs;

    /** The scalar operands. */
    public final double[] scalars;

    /** The numbers that the function returns besides the tree; it provides the array. */
    public double[] numbers = {};

    /** An object of the function's choice. */
    public @Nullable Object kept;

    public Workspace(int trees, int scalars) {
      this.inputs = new Plane[trees][];
      this.scalars = new double[scalars];
    }
  }
}
