package dev.glissade.spark;

import dev.glissade.GradientTransformation;
import dev.glissade.NonFinite;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.UUID;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/**
 * Trains on the partitions of an RDD: at each step, each partition adds up the gradients of its
 * shards, and the optimizer steps with the mean over all.
 *
 * <pre>{@code
 * TrainingResult result =
 *     SparkTraining.of(shards, () -> new RowGradient(), () -> Contrib.prodigy())
 *         .steps(500)
 *         .checkpoints("hdfs:///runs/1", 50)
 *         .fit(params);
 * }</pre>
 *
 * <p>The result has the same bits with both engines and with any executors, also when tasks or
 * executors fail: gradients are added in the order of partitions, and what is drawn depends on the
 * seed, the step and the partition only. This needs partitions that have the same shards in the
 * same order whenever they are computed, and gradients that depend on their arguments only.
 *
 * @param <T> the shards, such as blocks of rows
 */
public final class SparkTraining<T> {
  private static final int RETRIES = 3;
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private final JavaRDD<T> shards;
  private final SerializableSupplier<? extends ShardGradient<? super T>> gradient;
  private final SerializableSupplier<? extends GradientTransformation<?>> optimizer;
  private long steps = 100;
  private int batch;
  private long seed;
  private SparkEngine engine = SparkEngine.BARRIER;
  private @Nullable String folder;
  private long every = 1;
  private int retries = RETRIES;
  private Duration timeout = TIMEOUT;
  private NonFinite nonFinite = NonFinite.ERROR;
  private StepListener listener = report -> {};

  private SparkTraining(
      JavaRDD<T> shards,
      SerializableSupplier<? extends ShardGradient<? super T>> gradient,
      SerializableSupplier<? extends GradientTransformation<?>> optimizer) {
    this.shards = shards;
    this.gradient = gradient;
    this.optimizer = optimizer;
  }

  /**
   * Returns a training of 100 steps on all shards, by {@link SparkEngine#BARRIER}.
   *
   * @param <T> the shards
   * @param shards the data; each partition is one rank
   * @param gradient makes what computes gradients, once in each task
   * @param optimizer makes the optimizer, the same everywhere
   * @return the training
   */
  public static <T> SparkTraining<T> of(
      JavaRDD<T> shards,
      SerializableSupplier<? extends ShardGradient<? super T>> gradient,
      SerializableSupplier<? extends GradientTransformation<?>> optimizer) {
    return new SparkTraining<>(shards, gradient, optimizer);
  }

  /**
   * Sets the number of steps.
   *
   * @param number the number of steps, at least 1, counted from the first one of the run that a
   *     checkpoint continues; the default is 100
   * @return this training
   */
  public SparkTraining<T> steps(int number) {
    steps = Check.atLeast("steps", 1, number);
    return this;
  }

  /**
   * Sets how many shards each partition adds up at a step. It shuffles them for each pass and takes
   * all before it begins the next pass. The default is all shards, in the order of the partition.
   *
   * @param number the number of shards, at least 1; a partition that has no more takes all
   * @return this training
   */
  public SparkTraining<T> batch(int number) {
    batch = Check.atLeast("batch", 1, number);
    return this;
  }

  /**
   * Sets the seed of all that is drawn.
   *
   * @param number the seed; the default is 0
   * @return this training
   */
  public SparkTraining<T> seed(long number) {
    seed = number;
    return this;
  }

  /**
   * Sets how gradients are added up.
   *
   * @param choice the engine; the default is {@link SparkEngine#BARRIER}
   * @return this training
   */
  public SparkTraining<T> engine(SparkEngine choice) {
    engine = choice;
    return this;
  }

  /**
   * Saves checkpoints, and continues from the newest one in the folder, if there is any. The newest
   * two stay. One training at a time may use a folder.
   *
   * @param uri a folder of any file system of Hadoop that all executors can reach, such as {@code
   *     hdfs:///runs/1}
   * @param steps the number of steps from one checkpoint to the next, at least 1
   * @return this training
   */
  public SparkTraining<T> checkpoints(String uri, int steps) {
    every = Check.atLeast("the number of steps from one checkpoint to the next", 1, steps);
    folder = uri;
    return this;
  }

  /**
   * Sets how often in a row the training may fail, without a new checkpoint between, and start
   * again from the newest one. With {@link SparkEngine#AGGREGATE} it starts again at the step that
   * failed, and Spark repeats single tasks before that.
   *
   * @param number the number of times, at least 0; the default is 3
   * @return this training
   */
  public SparkTraining<T> retries(int number) {
    retries = Check.atLeast("retries", 0, number);
    return this;
  }

  /**
   * Sets how long a task of {@link SparkEngine#BARRIER} waits for another one. It must be longer
   * than the slowest step.
   *
   * @param longest the time, positive; the default is 10 minutes
   * @return this training
   */
  public SparkTraining<T> timeout(Duration longest) {
    Check.that(!longest.isNegative() && !longest.isZero(), "timeout must be positive", longest);
    timeout = longest;
    return this;
  }

  /**
   * Sets what to do with a step whose loss or gradients are not finite.
   *
   * @param policy whether to take, skip or refuse such a step; the default is {@link
   *     NonFinite#ERROR}
   * @return this training
   */
  public SparkTraining<T> nonFinite(NonFinite policy) {
    nonFinite = policy;
    return this;
  }

  /**
   * Sets who is told of each step, on the driver.
   *
   * @param told the listener
   * @return this training
   */
  public SparkTraining<T> listener(StepListener told) {
    listener = told;
    return this;
  }

  /**
   * Trains.
   *
   * @param params the parameters before the first step, which do not change
   * @return the parameters and the optimizer's state after the last step, and the losses
   * @throws IllegalArgumentException if an option does not fit the cluster, or the checkpoints in
   *     the folder belong to another training
   * @throws dev.glissade.NonFiniteException if a number is not finite and {@link #nonFinite} does
   *     not allow it
   * @throws TrainingFailedException if the training fails more often than {@link #retries} allows,
   *     or is interrupted or cancelled
   */
  public TrainingResult fit(Tree params) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(shards.context());
    if (engine == SparkEngine.BARRIER) {
      BarrierRun.requireFixedExecutors(context.getConf());
    }
    TrainingPlan<T> plan = plan();
    HadoopCheckpoints checkpoints =
        folder == null ? null : new HadoopCheckpoints(folder, every, context.hadoopConfiguration());
    Reports reports = new Reports(listener, () -> JobScope.cancel(context, plan.id()));
    try (EngineRun run =
        engine == SparkEngine.BARRIER
            ? new BarrierRun<>(context, shards, plan, checkpoints, reports)
            : new AggregateRun<>(context, shards, plan, checkpoints, reports)) {
      return new TrainingRun(context, plan, checkpoints, retries, reports)
          .run(run, params.evaluate());
    } catch (IOException e) {
      reports.throwFailure(); // if it is the listener's
      throw new UncheckedIOException(e);
    }
  }

  private TrainingPlan<T> plan() {
    int ranks = shards.getNumPartitions();
    Check.that(ranks > 0, "the RDD must have at least one partition", ranks);
    return new TrainingPlan<>(
        "glissade-" + UUID.randomUUID(),
        gradient,
        optimizer,
        steps,
        batch,
        seed,
        ranks,
        nonFinite.action(),
        nonFinite.maxConsecutiveSkips(),
        timeout);
  }
}
