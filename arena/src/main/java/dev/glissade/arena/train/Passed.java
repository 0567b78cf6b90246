package dev.glissade.arena.train;

/**
 * What a run has behind it, besides parameters and the optimizer's state.
 *
 * @param step minibatches taken
 * @param accuracies the test accuracy after each epoch
 * @param skipped steps that were not finite
 * @param nanos how long the training took
 */
record Passed(
    int step, double[] accuracies, long skipped, long nanos, Recorder.Recorded recorded) {}
