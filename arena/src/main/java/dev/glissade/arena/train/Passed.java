package dev.glissade.arena.train;

/**
 * What a run has behind it, besides parameters and the optimizer's state.
 *
 * @param step minibatches taken
 * @param accuracies the test accuracy after each epoch
 * @param nanos how long the training took
 */
record Passed(int step, double[] accuracies, long nanos, Recorder.Recorded recorded) {}
