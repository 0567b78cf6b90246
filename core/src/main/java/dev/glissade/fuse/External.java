package dev.glissade.fuse;

import org.jspecify.annotations.Nullable;

/** Work that the engine cannot see into, done between passes on evaluated trees. */
@FunctionalInterface
public interface External {

  /**
   * Computes the result.
   *
   * @param inputs the planes of each tree operand; borrowed for the call
   * @param room what it may keep from call to call, so as not to make it again
   * @return the planes of the result, of the node's layout; they may be reused by the next call
   */
  Plane[] call(Plane[][] inputs, Room room);

  /** What one node's function keeps between the runs of one execution. */
  final class Room {
    final Plane[][] inputs;
    @Nullable Object kept;

    Room(int inputs) {
      this.inputs = new Plane[inputs][];
    }
  }
}
