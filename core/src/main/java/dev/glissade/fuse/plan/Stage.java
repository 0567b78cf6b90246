package dev.glissade.fuse.plan;

/**
 * Host steps, then one pass over memory.
 *
 * @param host the steps before the pass, in order
 * @param temporaries the nodes that the pass stores in planes of the frame
 * @param homes the node whose planes each temporary takes
 * @param reduced the numbers that the pass reduces trees to
 * @param small the smaller trees that the pass reduces trees to
 * @param loops the loops of the pass
 * @param overwrites whether the pass overwrites inputs
 */
public record Stage(
    HostStep[] host,
    int[] temporaries,
    int[] homes,
    int[] reduced,
    int[] small,
    Loop[] loops,
    boolean overwrites) {

  /** Returns the stage with other planes for its temporaries. */
  Stage withHomes(int[] others) {
    return new Stage(host, temporaries, others, reduced, small, loops, overwrites);
  }
}
