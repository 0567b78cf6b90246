package dev.glissade.spark;

import dev.glissade.Extras;
import dev.glissade.Scalar;
import dev.glissade.Stepper;
import dev.glissade.Tree;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.records.Records;
import java.util.Arrays;

/** The parameters and the optimizer's state, which a step changes, and the losses of the steps. */
final class Replica {
  /** The names of a checkpoint's entries. */
  private static final String FINGERPRINT = "spark";

  private static final String LOSSES = "losses";

  private final TrainingPlan<?> plan;
  private final Stepper<?> stepper;
  private double[] losses;

  private Replica(TrainingPlan<?> plan, Stepper<?> stepper, double[] losses) {
    this.plan = plan;
    this.stepper = stepper;
    this.losses = Arrays.copyOf(losses, Math.toIntExact(Math.max(plan.steps(), losses.length)));
  }

  /** Returns the replica before the first step. */
  static Replica first(TrainingPlan<?> plan, Tree params) {
    return new Replica(plan, Stepper.of(plan.optimizer().get(), params), new double[0]);
  }

  /** Returns the replica of a checkpoint. */
  static Replica of(TrainingPlan<?> plan, Checkpoint start, int threads)
      throws CheckpointException {
    return new Replica(
        plan, plan.stepper(start).threads(threads), start.get(LOSSES, new double[0]));
  }

  static TrainingPlan.Fingerprint fingerprint(Checkpoint checkpoint) throws CheckpointException {
    return checkpoint.get(FINGERPRINT, TrainingPlan.Fingerprint.class);
  }

  static double[] losses(Checkpoint checkpoint) throws CheckpointException {
    return checkpoint.get(LOSSES, new double[0]);
  }

  /** Takes a step with the means of a sum over all ranks, and returns the mean loss. */
  double step(GradientSum sum) {
    double loss = sum.meanLoss();
    stepper.step(sum.gradients(), Extras.NONE.withGradientScale(sum.scale()).withValue(loss));
    losses[Math.toIntExact(stepper.steps() - 1)] = loss;
    return loss;
  }

  long steps() {
    return stepper.steps();
  }

  Tree params() {
    return stepper.params();
  }

  /** Returns the step size that the optimizer has learned; NaN if it learns none. */
  double stepSize() {
    double[] found = {Double.NaN};
    Records.walk(
        stepper.liveState(),
        (path, leaf) -> {
          if (leaf instanceof Scalar scalar && path.matches("(.*/)?estimLr")) {
            found[0] = scalar.value();
          }
        });
    return found[0];
  }

  /** Returns a checkpoint on this replica's arrays, to be saved before the next step. */
  Checkpoint checkpoint() {
    return Checkpoint.of(stepper)
        .with(FINGERPRINT, plan.fingerprint())
        .with(LOSSES, Arrays.copyOf(losses, Math.toIntExact(stepper.steps())));
  }

  /** Returns a checksum of the parameters, the same for the same bits. */
  long checksum() {
    return ArrayTrees.frames(stepper.params()).checksum();
  }
}
