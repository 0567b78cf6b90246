package dev.glissade.spark;

import dev.glissade.Tree;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.privacy.PrivateTraining;
import dev.glissade.privacy.accounting.Guarantee;

/** What a private training returns. It has no losses, since these would reveal more. */
public final class SparkPrivateResult {
  private final Checkpoint checkpoint;
  private final PrivateTraining training;
  private final long examples;

  SparkPrivateResult(Checkpoint checkpoint, PrivateTraining training, long examples) {
    this.checkpoint = checkpoint;
    this.training = training;
    this.examples = examples;
  }

  /** {@return the parameters that the optimizer steps} */
  public Tree params() {
    return checkpoint.params();
  }

  /**
   * {@return the parameters to predict with, which for some optimizers are others than {@link
   * #params}: see {@link PrivateTraining#evalParams}}
   */
  public Tree evalParams() {
    return training.evalParams();
  }

  /** {@return the parameters and everything that continues this training} */
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  /** {@return the number of steps taken, fewer than asked for if the budget allowed no more} */
  public long steps() {
    return training.steps();
  }

  /** {@return the number of examples in the RDD, which the guarantee takes as public} */
  public long examples() {
    return examples;
  }

  /**
   * Returns the epsilon of everything in the ledger; see {@link PrivateTraining#guarantee}.
   *
   * @param delta the delta to state the epsilon for, between 0 and 1
   * @return the guarantee, for neighbors that differ by one element of the RDD
   */
  public Guarantee guarantee(double delta) {
    return training.guarantee(delta);
  }
}
