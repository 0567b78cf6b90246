package dev.glissade.arena;

import dev.glissade.arena.data.Task;
import dev.glissade.arena.train.NonFiniteHandling;
import dev.glissade.arena.train.Plan;
import dev.glissade.arena.train.RateSchedule;
import dev.glissade.arena.train.RegressionLoss;
import dev.glissade.models.Activation;
import dev.glissade.records.Check;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for the model and its training. */
final class PlanOptions {
  /** The kinds of models. */
  enum Kind {
    SOFTMAX,
    LINEAR,
    MLP;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final List<Integer> HIDDEN = List.of(64);
  private static final int BATCH = 32;
  private static final int PRIVATE_BATCH = 64;
  private static final int PRIVATE_BATCHES = 250;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description =
          "The model: ${COMPLETION-CANDIDATES}. The first two are one: outputs x W + b. Default:"
              + " mlp; for regression linear, if an mlp had more parameters than there are train"
              + " examples.")
  @Nullable Kind model;

  @Option(
      names = "--hidden",
      paramLabel = "SIZES",
      split = ",",
      description = "The sizes of the hidden layers of an mlp, such as 128,64. Default: 64.")
  @Nullable List<Integer> hidden;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "30",
      description = "The number of passes over the train part. Default: ${DEFAULT-VALUE}.")
  int epochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      converter = BatchSize.Converter.class,
      description =
          "The largest size of a minibatch, or all, for steps on the whole train part, as lbfgs and"
              + " line searches want them; in private training, the average size. Default: 32; in"
              + " private training 64 or, if larger, a 250th of the examples.")
  @Nullable BatchSize batch;

  @Option(
      names = "--l2",
      paramLabel = "FACTOR",
      defaultValue = "0",
      description =
          "Adds FACTOR times the sum of the squares of all weights, without biases, to the loss to"
              + " train with; the losses in results are without it. Default: ${DEFAULT-VALUE}.")
  double l2;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "The seed of the split, the initial parameters and the order of the examples. Default:"
              + " ${DEFAULT-VALUE}.")
  long seed;

  @Option(
      names = "--schedule",
      paramLabel = "SCHEDULE",
      defaultValue = "cosine",
      description = {
        "${COMPLETION-CANDIDATES}: the schedule of each learning rate that is a plain number, also"
            + " of inner optimizers; the number is the peak. Does not change schedules given in"
            + " JSON, the distance that the adversary of sam climbs, or the learning rate of cocob,"
            + " which should stay at 1. Default: ${DEFAULT-VALUE}."
      })
  RateSchedule schedule = RateSchedule.COSINE;

  @Option(
      names = "--non-finite",
      paramLabel = "POLICY",
      defaultValue = "stop",
      description = {
        "What to do if a loss or gradients are NaN or infinite: stop ends the run as diverged at"
            + " such a loss; skip skips the step and counts it; error ends the program and names"
            + " the step, the leaf and the index; allow continues. Default: ${DEFAULT-VALUE}."
      })
  NonFiniteHandling nonFinite = NonFiniteHandling.STOP;

  @Option(
      names = "--activation",
      paramLabel = "FUNCTION",
      defaultValue = "relu",
      description =
          "${COMPLETION-CANDIDATES}: the function after each hidden layer. Default:"
              + " ${DEFAULT-VALUE}.")
  Activation activation = Activation.RELU;

  @Option(
      names = "--loss",
      paramLabel = "LOSS",
      description =
          "The loss of regression: squared, or huber, which outliers affect less. Default: squared.")
  @Nullable RegressionLoss loss;

  @Option(
      names = "--patience",
      paramLabel = "N",
      description =
          "Ends a run after N epochs without a better one on the validation part. The model is that"
              + " of the best epoch there; in private training, that of the last. Default: all"
              + " epochs.")
  @Nullable Integer patience;

  PlanOptions() {}

  Plan plan() {
    return plan(BATCH);
  }

  /** Returns the plan for private training, with larger batches, where noise matters less. */
  Plan privately(int examples) {
    return plan(Math.max(PRIVATE_BATCH, examples / PRIVATE_BATCHES));
  }

  private Plan plan(int usualBatch) {
    boolean linear = model != null && model != Kind.MLP;
    if (linear && hidden != null) {
      throw new IllegalArgumentException(
          "--hidden must be given with --model mlp, but was " + hidden + " with " + model);
    }
    List<Integer> sizes = linear ? List.of() : hidden == null ? HIDDEN : hidden;
    int size = batch == null ? usualBatch : batch.examples();
    return new Plan(sizes, epochs, size, schedule, nonFinite, fit());
  }

  /** Refuses wrong values, and options that would do nothing for this task. */
  void check(Task task, boolean isPrivate) {
    plan();
    if (loss != null && task == Task.CLASSES) {
      throw new IllegalArgumentException(
          "--loss must be given with --task regression, but was " + loss + " for classes");
    }
    if (patience != null && isPrivate) {
      throw new IllegalArgumentException(
          "--patience must not be given with --target-epsilon, where the model is that of the last"
              + " epoch, but was "
              + patience);
    }
    if (l2 != 0 && isPrivate) {
      throw new IllegalArgumentException(
          "--l2 must not be given with --target-epsilon, where the gradient of each example is"
              + " clipped, but was "
              + l2);
    }
  }

  private Plan.Fit fit() {
    if (patience != null) {
      Check.atLeast("--patience", 1, patience);
    }
    return new Plan.Fit(
        activation,
        loss == null ? RegressionLoss.SQUARED : loss,
        patience == null ? 0 : patience,
        model == null && hidden == null,
        l2);
  }
}
