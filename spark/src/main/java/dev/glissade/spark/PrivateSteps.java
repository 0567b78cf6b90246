package dev.glissade.spark;

import dev.glissade.DType;
import dev.glissade.Structure;
import dev.glissade.Tree;
import dev.glissade.privacy.ClippedSum;
import dev.glissade.privacy.PrivateTraining;
import java.io.Closeable;
import java.security.SecureRandom;
import java.util.UUID;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

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
  private final CachedData cached;
  private final SecureRandom random = new SecureRandom();

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
    this.cached = new CachedData(examples);
  }

  String id() {
    return id;
  }

  /** Counts the examples. */
  long count() {
    try {
      return examples.count();
    } catch (Exception e) {
      rethrowIfFinal(e);
      throw new TrainingFailedException(
          "the examples must be counted before step 1, but this failed because of "
              + FailureCause.of(e),
          e);
    }
  }

  /** Takes a step; returns false if the budget does not allow it. */
  boolean step(PrivateTraining training) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    if (!training.begin(1)) {
      return false;
    }
    training.add(0, sum(training.params(), training.terms(), secret, training.steps() + 1));
    return training.tryFinish();
  }

  /** Returns the sum over the batch that a secret determines, at the first attempt that ends. */
  ClippedSum sum(Tree params, ClippedSum.Terms terms, byte[] secret, long step) {
    requireSmall(params);
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
      if (!context.sc().isStopped()) {
        broadcast.destroy();
      }
    }
  }

  private void rethrowIfFinal(Exception e) {
    if (e instanceof InterruptedException) {
      Thread.currentThread().interrupt();
      throw new TrainingFailedException("the training was interrupted", e);
    }
    IllegalArgumentException mistake =
        e instanceof IllegalArgumentException own ? own : FailureCause.mistake(e);
    if (mistake != null) {
      throw mistake;
    }
    if (context.sc().isStopped() || FailureCause.isCancelled(e)) {
      throw new TrainingFailedException("the training was ended: " + FailureCause.of(e), e);
    }
  }

  /** Adds up the partitions' sums; Spark hands over the first result of each. */
  private ClippedSum attempt(Tree params, PrivateTask<T> task) {
    ClippedSum all = new ClippedSum(params, task.terms());
    byte[][] parts =
        PartitionJob.results(examples, (at, in) -> task.run(at.partitionId(), in), byte[].class);
    for (byte[] part : parts) {
      all.add(ClippedSum.ofBytes(params, task.terms(), part));
    }
    return all;
  }

  /** Refuses sums that Spark would refuse to bring to the driver. */
  private void requireSmall(Tree params) {
    int partitions = examples.getNumPartitions();
    // Two words for each number.
    long bytes = 2 * bytes(params.structure().computed());
    ResultSize.require(
        context.getConf(),
        bytes * partitions,
        "the sums of %d partitions".formatted(partitions),
        "use fewer partitions");
  }

  private static long bytes(Structure structure) {
    long bytes = 0;
    for (String path : structure.paths()) {
      Structure.Leaf leaf = structure.leaf(path);
      long size = leaf.shape().stream().mapToLong(length -> length).reduce(1, (a, b) -> a * b);
      bytes += size * (leaf.dtype() == DType.FLOAT64 ? Double.BYTES : Float.BYTES);
    }
    return bytes;
  }

  @Override
  public void close() {
    cached.close();
    IdleWorkers.forget(id);
  }
}
