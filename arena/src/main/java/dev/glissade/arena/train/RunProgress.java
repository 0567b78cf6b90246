package dev.glissade.arena.train;

/**
 * The progress of a run besides parameters and optimizer state. It holds no times, so that equal
 * runs write equal bytes.
 *
 * @param step the number of minibatches taken
 * @param scores the score on the validation part after each epoch
 * @param skipped the number of steps skipped because numbers were not finite
 * @param best the best epoch, whose parameters the run returns
 * @param evaluations how often a loss was computed
 * @param plateau the losses of line searches
 */
record RunProgress(
    int step,
    double[] scores,
    long skipped,
    CurveRecorder.Snapshot recorded,
    BestEpoch.State best,
    long evaluations,
    Plateau.State plateau) {}
