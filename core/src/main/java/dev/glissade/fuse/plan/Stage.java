package dev.glissade.fuse.plan;

/**
 * Host steps, then one pass over memory.
 *
 * @param host the steps before the pass, in order
 * @param temporaries the nodes that the pass stores in planes of the frame
 * @param slots the number of the planes of each temporary
 * @param reduced the numbers that the pass reduces trees to
 * @param small the smaller trees that the pass reduces trees to
 * @param loops the loops of the pass
 * @param overwrites whether the pass overwrites inputs
 */
public record Stage(
    HostStep[] host,
    int[] temporaries,
    int[] slots,
    int[] reduced,
    int[] small,
    Loop[] loops,
    boolean overwrites) {}
