package dev.glissade.arena.train;

/**
 * What a run has done so far, besides parameters and the optimizer's state. It has no times, so
 * that equal runs write equal bytes.
 *
 * @param step minibatches taken
 * @param accuracies the test accuracy after each epoch
 * @param skipped steps that were not finite
 */
record RunProgress(int step, double[] accuracies, long skipped, CurveRecorder.Snapshot recorded) {}
