package dev.glissade.spark;

import dev.glissade.GradientTransformation;
import dev.glissade.Tree;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.privacy.Clipping;
import dev.glissade.privacy.PrivateTraining;
import dev.glissade.privacy.accounting.PrivacyBudget;
import dev.glissade.privacy.accounting.PrivacyLedger;
import dev.glissade.records.Check;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.LongConsumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/**
 * Trains with differential privacy on an RDD whose elements are examples: each partition draws its
 * part of the batch by Poisson sampling and adds up clipped gradients exactly; the driver adds the
 * parts, counts the step in its ledger, draws the noise once and takes the optimizer's step. The
 * stated epsilon is that of {@link PrivateTraining} with the same sampling rate, noise and steps.
 *
 * <pre>{@code
 * SparkPrivateResult result =
 *     SparkPrivateTraining.of(rows, () -> new RowGradient(), Optimizers.sgd(0.5), 0.01,
 *             new Clipping.Flat(1), 1.1)
 *         .steps(1000)
 *         .budget(PrivacyBudget.of(3, 1e-6))
 *         .fit(params);
 * }</pre>
 *
 * <p>A task that runs again, on whatever executor, draws the same examples, because a secret that
 * the driver makes for each step determines them; so failures neither reveal a second batch nor
 * count twice. The secrets travel with the tasks: turn on {@code spark.network.crypto.enabled} if
 * others can read the network.
 *
 * <p>Elements must be independent of each other: an RDD that joins rows of one person into several
 * elements protects elements, not persons. Losses are not reported, since no epsilon would cover
 * them.
 *
 * @param <T> the examples
 */
public final class SparkPrivateTraining<T> {
  private static final int RETRIES = 3;
  private static final String TRAINING = "training";

  /** The most examples of an exact sum, and how many standard deviations a batch must leave. */
  private static final int MOST_EXAMPLES = 1 << 19;

  private static final int DEVIATIONS = 6;

  private final JavaRDD<T> examples;
  private final SerializableSupplier<? extends PointGradient<? super T>> gradient;
  private final GradientTransformation<?> optimizer;
  private final double samplingRate;
  private final Clipping clipping;
  private final double noiseMultiplier;
  private long steps = 100;
  private int retries = RETRIES;
  private @Nullable PrivacyBudget budget;
  private @Nullable PrivacyLedger ledger;
  private long lost = -1;
  private @Nullable String folder;
  private int every = 1;
  private LongConsumer listener = step -> {};

  private SparkPrivateTraining(
      JavaRDD<T> examples,
      SerializableSupplier<? extends PointGradient<? super T>> gradient,
      GradientTransformation<?> optimizer,
      double samplingRate,
      Clipping clipping,
      double noiseMultiplier) {
    this.examples = examples;
    this.gradient = gradient;
    this.optimizer = optimizer;
    this.samplingRate = samplingRate;
    this.clipping = clipping;
    this.noiseMultiplier = noiseMultiplier;
  }

  /**
   * Returns a training of 100 steps without a budget.
   *
   * @param <T> the examples
   * @param examples the data; each element is one example. Computed again, a partition must have
   *     the same elements
   * @param gradient makes what computes gradients, once for each partition and executor
   * @param optimizer takes the private mean gradients, on the driver
   * @param samplingRate the probability that an example is in a batch
   * @param clipping how each example's gradient is clipped
   * @param noiseMultiplier the noise's standard deviation divided by the sensitivity, positive
   * @return the training
   */
  public static <T> SparkPrivateTraining<T> of(
      JavaRDD<T> examples,
      SerializableSupplier<? extends PointGradient<? super T>> gradient,
      GradientTransformation<?> optimizer,
      double samplingRate,
      Clipping clipping,
      double noiseMultiplier) {
    return new SparkPrivateTraining<>(
        examples, gradient, optimizer, samplingRate, clipping, noiseMultiplier);
  }

  /**
   * Sets the number of steps.
   *
   * @param number the number of steps, at least 1, counted from the first one of the run that a
   *     checkpoint continues; the default is 100
   * @return this training
   */
  public SparkPrivateTraining<T> steps(int number) {
    steps = Check.atLeast("steps", 1, number);
    return this;
  }

  /**
   * Makes the training end before it spends more than this. All steps in the ledger count.
   *
   * @param most the budget
   * @return this training
   */
  public SparkPrivateTraining<T> budget(PrivacyBudget most) {
    budget = most;
    return this;
  }

  /**
   * Records spent steps in this ledger, on the driver, in addition to those it already has.
   *
   * @param spent the ledger; by default one in memory
   * @return this training
   */
  public SparkPrivateTraining<T> ledger(PrivacyLedger spent) {
    ledger = spent;
    return this;
  }

  /**
   * Continues although the ledger's file is lost, for instance with the driver's machine: restores
   * what the checkpoint knows.
   *
   * @param since how many steps may have followed the newest checkpoint; too large a number gives a
   *     larger epsilon, too small a number a false one
   * @return this training
   * @see PrivateTraining#restoreLedger
   */
  public SparkPrivateTraining<T> restoreLedger(long since) {
    Check.that(since >= 0, "since must not be negative", since);
    lost = since;
    return this;
  }

  /**
   * Saves checkpoints, and continues from the newest one in the folder, if there is any. The newest
   * two stay. Needs a {@link #ledger} in a file, since steps after the checkpoint stay spent.
   *
   * @param uri a folder of any file system of Hadoop, such as {@code hdfs:///runs/1}
   * @param number the number of steps from one checkpoint to the next, at least 1
   * @return this training
   */
  public SparkPrivateTraining<T> checkpoints(String uri, int number) {
    every = Check.atLeast("the number of steps from one checkpoint to the next", 1, number);
    folder = uri;
    return this;
  }

  /**
   * Sets how often a step may fail and start again with the same batch, after Spark has repeated
   * its tasks, and how often a checkpoint may fail to be saved.
   *
   * @param number the number of times, at least 0; the default is 3
   * @return this training
   */
  public SparkPrivateTraining<T> retries(int number) {
    retries = Check.atLeast("retries", 0, number);
    return this;
  }

  /**
   * Sets who is told of each step, on the driver.
   *
   * @param told takes the number of the step, from 1
   * @return this training
   */
  public SparkPrivateTraining<T> listener(LongConsumer told) {
    listener = told;
    return this;
  }

  /**
   * Trains until all steps are taken or the budget allows no more.
   *
   * @param params the parameters before the first step, which do not change
   * @return the parameters and what was spent
   * @throws IllegalArgumentException if a number is out of its range, the RDD is empty, a batch may
   *     have more than 2^19 examples, the checkpoint is another training's or lacks steps of the
   *     ledger, or gradients don't fit the parameters
   * @throws TrainingFailedException if a step fails or a checkpoint can't be saved more often than
   *     {@link #retries} allows, or the training is interrupted or cancelled; a step whose noise
   *     was not drawn is not spent
   */
  public SparkPrivateResult fit(Tree params) {
    if (folder != null && ledger == null) {
      throw new IllegalArgumentException(
          "ledger must be set if there are checkpoints, such as PrivacyLedger.at(file), but was"
              + " not: without it, steps after a checkpoint would be forgotten");
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(examples.context());
    HadoopCheckpoints checkpoints =
        folder == null ? null : new HadoopCheckpoints(folder, every, context.hadoopConfiguration());
    try (PrivateSteps<T> jobs =
            new PrivateSteps<>(context, examples, gradient, samplingRate, retries);
        JobScope scope = new JobScope(context, jobs.id())) {
      scope.describe("private training: counting the examples");
      return run(scope, jobs, params.evaluate(), checkpoints, jobs.count());
    } finally {
      if (checkpoints != null) {
        checkpoints.tryRemoveLeftovers();
      }
    }
  }

  private SparkPrivateResult run(
      JobScope scope,
      PrivateSteps<T> jobs,
      Tree params,
      @Nullable HadoopCheckpoints checkpoints,
      long count) {
    requireBatch(samplingRate, count);
    PrivateTraining training = training(params, count, checkpoints);
    boolean allowed = true;
    while (allowed && training.steps() < steps) {
      scope.describe("private training: step %d of %d".formatted(training.steps() + 1, steps));
      allowed = jobs.step(training);
      if (allowed) {
        if (checkpoints != null && checkpoints.isDue(training.steps(), steps)) {
          save(checkpoints, training);
        }
        listener.accept(training.steps());
      }
    }
    try {
      return new SparkPrivateResult(
          Blocks.checkpoint(Blocks.of(checkpoint(training))), training, count);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Refuses batches that an exact sum could not hold, though one in a billion may be larger. */
  static void requireBatch(double samplingRate, long examples) {
    double deviation = Math.sqrt(Math.max(0, examples * samplingRate * (1 - samplingRate)));
    double largest = Math.min((double) examples, samplingRate * examples + DEVIATIONS * deviation);
    if (samplingRate <= 1 && largest > MOST_EXAMPLES) {
      throw new IllegalArgumentException(
          "a batch must have at most %d examples, but samplingRate %s of %d examples draws up to"
                  .formatted(MOST_EXAMPLES, samplingRate, examples)
              + " %d: use a smaller samplingRate".formatted((long) Math.ceil(largest)));
    }
  }

  /** Saves a checkpoint, and tries it as often as a step. */
  private void save(HadoopCheckpoints checkpoints, PrivateTraining training) {
    String cause = "";
    for (int failures = 1; ; failures++) {
      try {
        checkpoints.save(checkpoint(training));
        return;
      } catch (IOException e) {
        cause = failures == 1 ? FailureCause.of(e) : cause;
        if (failures > retries || Thread.currentThread().isInterrupted()) {
          throw new TrainingFailedException(
              "the checkpoint of step %d could not be saved %d times in a row, first because of %s;"
                      .formatted(training.steps(), failures, cause)
                  + " the ledger has all steps, and those that a continuation takes again count"
                  + " twice",
              e);
        }
      }
    }
  }

  private static HadoopCheckpoints.@Nullable Stored newest(
      @Nullable HadoopCheckpoints checkpoints) {
    try {
      return checkpoints == null ? null : checkpoints.newest();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private PrivateTraining training(
      Tree params, long count, @Nullable HadoopCheckpoints checkpoints) {
    HadoopCheckpoints.Stored stored = newest(checkpoints);
    PrivateTraining training =
        PrivateTraining.sampledElsewhere(
            optimizer,
            stored == null ? params : stored.checkpoint().params(),
            count,
            samplingRate,
            clipping,
            noiseMultiplier);
    if (ledger != null) {
      training.ledger(ledger);
    }
    if (budget != null) {
      training.budget(budget);
    }
    if (stored != null) {
      PrivateTraining.State state = state(stored, params, training);
      if (lost >= 0) {
        training.restoreLedger(state, lost);
      }
      training.resume(state);
    }
    return training;
  }

  /** Reads the state of a checkpoint that belongs to this training. */
  private PrivateTraining.State state(
      HadoopCheckpoints.Stored stored, Tree params, PrivateTraining training) {
    Checkpoint checkpoint = stored.checkpoint();
    try {
      Check.that(
          checkpoint.params().structure().equals(params.structure()),
          "its params must have the structure " + params.structure(),
          checkpoint.params().structure());
      PrivateTraining.State state = checkpoint.get(TRAINING, training.state());
      Check.that(state.steps() <= steps, "its step must be at most " + steps, state.steps());
      return state;
    } catch (CheckpointException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s must belong to this training: %s; use another folder for another training"
              .formatted(stored.file(), e.getMessage()),
          e);
    }
  }

  private static Checkpoint checkpoint(PrivateTraining training) {
    return Checkpoint.of(training.params()).step(training.steps()).with(TRAINING, training.state());
  }
}
