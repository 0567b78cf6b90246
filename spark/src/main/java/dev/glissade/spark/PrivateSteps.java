package dev.glissade.spark;

import dev.glissade.Structure;
import dev.glissade.Tree;
import dev.glissade.privacy.ClippedSum;
import dev.glissade.privacy.PrivateTraining;
import java.io.Closeable;
import java.io.Serializable;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import scala.Function2;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import scala.runtime.BoxedUnit;

/**
 * Runs a job for each private step. The driver makes the step's secret and keeps it for all
 * attempts, so every attempt adds up the same batch; only the sum that completes is used, and only
 * with its noise does it leave the driver.
 *
 * @param <T> the examples
 */
final class PrivateSteps<T> implements Closeable {
  private static final int SECRET_BYTES = 32;

  private final String id = "glissade-" + UUID.randomUUID();
  private final JavaSparkContext context;
  private final JavaRDD<T> examples;
  private final SerializableSupplier<? extends PointGradient<? super T>> gradient;
  private final double samplingRate;
  private final int retries;
  private final boolean cached;
  private final SecureRandom random = new SecureRandom();

  /** A task of Scala that Java can serialize. */
  private interface TaskFunction<T>
      extends Function2<TaskContext, scala.collection.Iterator<T>, byte[]>, Serializable {}

  PrivateSteps(
      JavaSparkContext context,
      JavaRDD<T> examples,
      SerializableSupplier<? extends PointGradient<? super T>> gradient,
      double samplingRate,
      int retries) {
    this.context = context;
    this.examples = examples;
    this.gradient = gradient;
    this.samplingRate = samplingRate;
    this.retries = retries;
    this.cached = examples.getStorageLevel().equals(StorageLevel.NONE());
    if (cached) {
      examples.persist(StorageLevel.MEMORY_AND_DISK());
    }
  }

  String id() {
    return id;
  }

  /** Takes a step; returns false if the budget does not allow it. */
  boolean step(PrivateTraining training) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    if (!training.begin(1)) {
      return false;
    }
    training.add(0, sum(training.params(), training.terms(), secret, training.steps() + 1));
    training.finish();
    return true;
  }

  /** Returns the sum over the batch that a secret determines, at the first attempt that ends. */
  ClippedSum sum(Tree params, ClippedSum.Terms terms, byte[] secret, long step) {
    requireSmall(params.structure());
    Broadcast<byte[][]> broadcast = context.broadcast(ArrayTrees.frames(params).toBytes());
    try {
      PrivateTask<T> task =
          new PrivateTask<>(
              id,
              gradient,
              TreeForm.of(params.structure()),
              broadcast,
              terms,
              samplingRate,
              secret);
      for (int failures = 0; ; failures++) {
        try {
          return attempt(params, task);
        } catch (Exception e) {
          rethrowIfFinal(e);
          if (failures == retries) {
            throw new TrainingFailedException(
                "step %d failed %d times, last because of %s; nothing was spent for it"
                    .formatted(step, failures + 1, FailureCause.of(e)),
                e);
          }
        }
      }
    } finally {
      broadcast.destroy();
      Arrays.fill(secret, (byte) 0);
    }
  }

  private void rethrowIfFinal(Exception e) {
    if (e instanceof InterruptedException) {
      Thread.currentThread().interrupt();
      throw new TrainingFailedException("the training was interrupted", e);
    }
    if (context.sc().isStopped() || FailureCause.isCancelled(e)) {
      throw new TrainingFailedException("the training was ended: " + FailureCause.of(e), e);
    }
  }

  /** Adds up the partitions' sums, each once; Spark hands over the first result of each. */
  private ClippedSum attempt(Tree params, PrivateTask<T> task) throws Exception {
    ClippedSum all = new ClippedSum(params, task.terms());
    int partitions = examples.getNumPartitions();
    BitSet added = new BitSet(partitions);
    List<Object> indices = new ArrayList<>();
    for (int i = 0; i < partitions; i++) {
      indices.add(i);
    }
    TaskFunction<T> function = (taskContext, in) -> one(task, taskContext, in);
    context
        .sc()
        .runJob(
            examples.rdd(),
            function,
            CollectionConverters.asScala(indices).toSeq(),
            (index, bytes) -> {
              if (!added.get((Integer) index)) {
                all.add(ClippedSum.ofBytes(params, task.terms(), bytes));
                added.set((Integer) index);
              }
              return BoxedUnit.UNIT;
            },
            ClassTag$.MODULE$.<byte[]>apply(byte[].class));
    if (added.cardinality() != partitions) {
      throw new IllegalStateException("the job must return the sums of all partitions");
    }
    return all;
  }

  private static <T> byte[] one(
      PrivateTask<T> task, TaskContext context, scala.collection.Iterator<T> in) {
    try {
      return task.run(context.partitionId(), in);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw BarrierRun.<RuntimeException>sneaky(e);
    }
  }

  /** Refuses sums that Spark would refuse to bring to the driver. */
  private void requireSmall(Structure params) {
    long most = context.getConf().getSizeAsBytes("spark.driver.maxResultSize", "1g");
    // Two words of at most eight bytes for each parameter.
    long bytes = 2L * Double.BYTES * params.size() * examples.getNumPartitions();
    if (most > 0 && bytes > most) {
      throw new IllegalArgumentException(
          ("spark.driver.maxResultSize must be at least %d, for the sums of %d partitions, but was"
                  + " %d: raise it or use fewer partitions")
              .formatted(bytes, examples.getNumPartitions(), most));
    }
  }

  @Override
  public void close() {
    if (cached) {
      examples.unpersist(true);
    }
    IdleWorkers.forget(id);
  }
}
