package dev.glissade.fuse.plan;

/**
 * Host work, then one pass over memory.
 *
 * @param host what to compute before the pass, in order
 * @param temporaries nodes that the pass stores in planes of the frame's own
 * @param reduced nodes that the pass sums into
 * @param loops the pass
 * @param overwrites whether the pass stores over inputs
 */
public record Stage(
    HostStep[] host, int[] temporaries, int[] reduced, Loop[] loops, boolean overwrites) {}
