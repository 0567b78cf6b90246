package dev.glissade.arena;

import dev.glissade.arena.train.NonFiniteHandling;
import dev.glissade.arena.train.Plan;
import dev.glissade.arena.train.RateSchedule;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is trained, and how long. */
final class PlanOptions {
  /** Kinds of models. */
  enum Kind {
    SOFTMAX,
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
      defaultValue = "mlp",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  Kind model = Kind.MLP;

  @Option(
      names = "--hidden",
      paramLabel = "SIZES",
      split = ",",
      description = "Sizes of the hidden layers of an mlp, such as 128,64. Default: 64.")
  @Nullable List<Integer> hidden;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "30",
      description = "How often each example is seen. Default: ${DEFAULT-VALUE}.")
  int epochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description =
          "Examples of a minibatch at most. Default: 32; in private training, on average, 64 or a"
              + " 250th of the examples, if that is more.")
  @Nullable Integer batch;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Of the split, the first parameters and the orders. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Option(
      names = "--schedule",
      paramLabel = "SCHEDULE",
      defaultValue = "cosine",
      description = {
        "${COMPLETION-CANDIDATES}: how each learning rate that is a plain number goes over the"
            + " run, those of inner optimizers too, with the number as its peak; a schedule given"
            + " in JSON stays. Not the distance that the adversary of sam climbs, and not cocob,"
            + " which has no learning rate. Default: ${DEFAULT-VALUE}."
      })
  RateSchedule schedule = RateSchedule.COSINE;

  @Option(
      names = "--non-finite",
      paramLabel = "POLICY",
      defaultValue = "stop",
      description = {
        "What a loss or gradients that are NaN or infinite do: stop ends the run as diverged at such"
            + " a loss; skip leaves the step out and counts it; error ends with the step, the leaf"
            + " and the index; allow goes on. Default: ${DEFAULT-VALUE}."
      })
  NonFiniteHandling nonFinite = NonFiniteHandling.STOP;

  PlanOptions() {}

  Plan plan() {
    return plan(BATCH);
  }

  /** For private training of so many examples: noise is less in larger batches. */
  Plan privately(int examples) {
    return plan(Math.max(PRIVATE_BATCH, examples / PRIVATE_BATCHES));
  }

  private Plan plan(int usualBatch) {
    if (model == Kind.SOFTMAX && hidden != null) {
      throw new IllegalArgumentException(
          "--hidden is for --model mlp, softmax has none: " + hidden);
    }
    List<Integer> sizes = model == Kind.SOFTMAX ? List.of() : hidden == null ? HIDDEN : hidden;
    return new Plan(sizes, epochs, batch == null ? usualBatch : batch, schedule, nonFinite);
  }
}
