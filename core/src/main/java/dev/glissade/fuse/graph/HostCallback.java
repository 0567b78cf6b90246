package dev.glissade.fuse.graph;

import dev.glissade.fuse.memory.Plane;
import org.jspecify.annotations.Nullable;

/** Work that the engine cannot see into, done between passes on evaluated trees. */
@FunctionalInterface
public interface HostCallback {

  /**
   * Computes the result.
   *
   * @param inputs the planes of each tree operand; borrowed for the call
   * @param workspace what it may keep from call to call, so as not to make it again
   * @return the planes of the result, of the node's layout; they may be reused by the next call
   */
  Plane[] call(Plane[][] inputs, Workspace workspace);

  /** What one node's function keeps between the runs of one execution. */
  final class Workspace {
    public final Plane[][] inputs;

    /** What the function chooses to keep. */
    public @Nullable Object kept;

    public Workspace(int inputs) {
      this.inputs = new Plane[inputs][];
    }
  }
}
