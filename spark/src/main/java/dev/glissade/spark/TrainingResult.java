package dev.glissade.spark;

import dev.glissade.Tree;
import dev.glissade.checkpoint.Checkpoint;

/**
 * What a training returns.
 *
 * @param checkpoint the parameters, the optimizer's state and the number of steps
 * @param losses the mean loss of each step, at the parameters before it
 * @param failures how often the training was started again
 */
public record TrainingResult(Checkpoint checkpoint, double[] losses, int failures) {
  /** {@return the trained parameters} */
  public Tree params() {
    return checkpoint.params();
  }
}
