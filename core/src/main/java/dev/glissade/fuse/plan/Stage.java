package dev.glissade.fuse.plan;

/**
 * Host steps, then one pass over memory.
 *
 * @param host the steps before the pass, in order
 * @param temporaries the nodes that the pass stores in planes of the frame
 * @param reduced the nodes that the pass reduces
 * @param loops the loops of the pass
 * @param overwrites whether the pass overwrites inputs
 */
public record Stage(
    HostStep[] host, int[] temporaries, int[] reduced, Loop[] loops, boolean overwrites) {}
