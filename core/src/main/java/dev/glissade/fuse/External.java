package dev.glissade.fuse;

/** Work that the engine cannot see into, done between passes on evaluated trees. */
@FunctionalInterface
public interface External {

  /**
   * Computes the result.
   *
   * @param inputs the planes of each tree operand; borrowed for the call
   * @return the planes of the result, of the node's layout
   */
  Plane[] call(Plane[][] inputs);
}
