package dev.glissade.spark;

import dev.glissade.NonFiniteException;
import dev.glissade.checkpoint.Checkpoint;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
import scala.Function1;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Runs all steps in one barrier job.
 *
 * @param <T> the shards
 */
final class BarrierRun<T> implements EngineRun {
  private static final long SLOTS_WAIT_NANOS = 60_000_000_000L;
  private static final long POLL_MILLIS = 200;

  /** What a task returns besides the checkpoint: its metrics above all. */
  private static final long TASK_BYTES = 1 << 13;

  private final JavaSparkContext context;
  private final JavaRDD<T> shards;
  private final TrainingPlan<T> plan;
  private final @Nullable HadoopCheckpoints checkpoints;
  private final Reports reports;
  private boolean hadSlots;

  /** A function of Scala that Java can serialize. */
  private interface PartitionFunction<T>
      extends Function1<scala.collection.Iterator<T>, scala.collection.Iterator<byte[][]>>,
          Serializable {}

  BarrierRun(
      JavaSparkContext context,
      JavaRDD<T> shards,
      TrainingPlan<T> plan,
      @Nullable HadoopCheckpoints checkpoints,
      Reports reports) {
    this.context = context;
    this.shards = shards;
    this.plan = plan;
    this.checkpoints = checkpoints;
    this.reports = reports;
  }

  /** Refuses what Spark would refuse later, or not at all. */
  static void requireFixedExecutors(SparkConf conf) {
    if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
      throw new IllegalArgumentException(
          "spark.dynamicAllocation.enabled must be false for SparkEngine.BARRIER, whose tasks all"
              + " run at the same time, but was true: use engine(SparkEngine.AGGREGATE)");
    }
  }

  /** Waits until there are slots for all tasks, which executors may still have to start for. */
  private void requireSlots() throws InterruptedException {
    boolean fixed = context.master().matches("local(\\[.*])?");
    long end = System.nanoTime() + (fixed ? 0 : SLOTS_WAIT_NANOS);
    int slots = slots();
    while (slots < plan.ranks() && System.nanoTime() < end) {
      Thread.sleep(POLL_MILLIS);
      slots = slots();
    }
    if (slots < plan.ranks()) {
      String sentence =
          "the cluster must have a slot for each of %d partitions at the same time, but had %d:"
                  .formatted(plan.ranks(), slots)
              + " use fewer partitions, more executors, or engine(SparkEngine.AGGREGATE)";
      // Executors that were there before may come again.
      throw hadSlots ? new IllegalStateException(sentence) : new IllegalArgumentException(sentence);
    }
    hadSlots = true;
  }

  private int slots() {
    return context
        .sc()
        .maxNumConcurrentTasks(context.sc().resourceProfileManager().defaultResourceProfile());
  }

  /** Refuses a checkpoint that rank 0 could not return at the end; the losses still grow. */
  private void requireSmallResult(byte[][] start) {
    ResultSize.require(
        context.getConf(),
        Blocks.length(start) + Double.BYTES * plan.steps() + TASK_BYTES * plan.ranks(),
        "the checkpoint that the training returns",
        "use engine(SparkEngine.AGGREGATE)");
  }

  @Override
  public Checkpoint run(byte[][] start) throws Exception {
    requireSmallResult(start);
    requireSlots();
    byte[] secret = Handshake.newSecret();
    SparkConf conf = context.getConf();
    String host = conf.get("spark.driver.host");
    Broadcast<byte[][]> broadcast = context.broadcast(start);
    try (ProgressServer server =
        new ProgressServer(conf.get("spark.driver.bindAddress", host), secret, reports)) {
      BarrierTask<T> task =
          new BarrierTask<>(plan, broadcast, secret, host, server.port(), checkpoints);
      return result(collected(task));
    } finally {
      if (!context.sc().isStopped()) {
        broadcast.destroy();
      }
    }
  }

  private List<byte[][]> collected(BarrierTask<T> task) {
    PartitionFunction<T> function = in -> one(task, in);
    ClassTag<byte[][]> tag = ClassTag$.MODULE$.apply(byte[][].class);
    return JavaRDD.fromRDD(shards.rdd().barrier().mapPartitions(function, false, tag), tag)
        .collect();
  }

  private static <T> scala.collection.Iterator<byte[][]> one(
      BarrierTask<T> task, scala.collection.Iterator<T> in) {
    try {
      return CollectionConverters.asScala(Collections.singleton(task.run(in)).iterator());
    } catch (Exception e) {
      throw PartitionJob.<RuntimeException>sneaky(e);
    }
  }

  private static Checkpoint result(List<byte[][]> tasks) throws Exception {
    TaskResult first = TaskResult.of(tasks.get(0));
    for (int rank = 1; rank < tasks.size(); rank++) {
      TaskResult other = TaskResult.of(tasks.get(rank));
      if (other.checksum() != first.checksum()) {
        throw new IllegalStateException(
            "all ranks must have the same parameters at the end, but those of rank %d differ from"
                    .formatted(rank)
                + " those of rank 0: run all executors with the same Java and the same options");
      }
    }
    if (first.nonFinite() != null) {
      throw new NonFiniteException(first.nonFinite());
    }
    return Blocks.checkpoint(first.checkpoint());
  }

  @Override
  public @Nullable Checkpoint reached() {
    return null;
  }

  @Override
  public void close() {
    // Each run removes what it made.
  }
}
