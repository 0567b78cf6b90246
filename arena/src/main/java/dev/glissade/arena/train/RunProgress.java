package dev.glissade.arena.train;

/**
 * The progress of a run besides parameters and optimizer state. It holds no times, so that equal
 * runs write equal bytes.
 *
 * @param step the number of minibatches taken
 * @param accuracies the test accuracy after each epoch
 * @param skipped the number of steps skipped because numbers were not finite
 */
record RunProgress(int step, double[] accuracies, long skipped, CurveRecorder.Snapshot recorded) {}
