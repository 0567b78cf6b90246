package dev.glissade.spark;

import dev.glissade.Tree;
import dev.glissade.checkpoint.Checkpoint;

/**
 * What a training returns.
 *
 * @param checkpoint the parameters, the optimizer's state and the number of steps
 * @param evalParams the parameters to predict with, which for Schedule-Free, lookahead and averages
 *     are others than {@link #params}: see {@link dev.glissade.GradientTransformation#evalParams}
 * @param losses the mean loss of each step, at the parameters before it
 * @param failures how often the training was started again
 */
public record TrainingResult(
    Checkpoint checkpoint, Tree evalParams, double[] losses, int failures) {
  /** {@return the parameters that the optimizer steps} */
  public Tree params() {
    return checkpoint.params();
  }
}
