package dev.glissade.spark;

import dev.glissade.Tree;
import dev.glissade.checkpoint.Checkpoint;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;
import scala.Function2;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import scala.runtime.BoxedUnit;

/**
 * Runs a job for each step: the parameters go out by broadcast, the partitions' sums come back and
 * are added on the driver in the order of partitions, as the ring adds them.
 *
 * @param <T> the shards
 */
final class AggregateRun<T> implements EngineRun {
  private final JavaSparkContext context;
  private final JavaRDD<T> shards;
  private final TrainingPlan<T> plan;
  private final @Nullable HadoopCheckpoints checkpoints;
  private final Reports reports;
  private final boolean cached;
  private @Nullable Replica replica;

  /** A task of Scala that Java can serialize. */
  private interface TaskFunction<T>
      extends Function2<TaskContext, scala.collection.Iterator<T>, byte[][]>, Serializable {}

  AggregateRun(
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
    this.cached = shards.getStorageLevel().equals(StorageLevel.NONE());
    if (cached) {
      shards.persist(StorageLevel.MEMORY_AND_DISK());
    }
  }

  @Override
  public Checkpoint run(byte[][] start) throws Exception {
    Replica now =
        Replica.of(plan, Blocks.checkpoint(start), Runtime.getRuntime().availableProcessors());
    replica = now;
    GradientSum sum = new GradientSum(now.params().structure(), plan.ranks());
    Tree sent = ArrayTrees.zeros(now.params().structure());
    Frames params = new Frames(ArrayTrees.arrays(sent));
    requireSmall(sum.frames().bytes());
    while (now.steps() < plan.steps()) {
      now.params().copyTo(sent);
      aggregate(now.steps() + 1, params, TreeForm.of(sent.structure()), sum);
      double loss = now.step(sum);
      if (checkpoints != null && checkpoints.isDue(now.steps(), plan.steps())) {
        checkpoints.save(now.checkpoint());
      }
      reports.add(new StepReport(now.steps(), loss, now.stepSize()));
      reports.throwFailure();
    }
    return Blocks.checkpoint(Blocks.of(now.checkpoint()));
  }

  /** Refuses sums that Spark would refuse to bring to the driver. */
  private void requireSmall(long bytes) {
    long most = context.getConf().getSizeAsBytes("spark.driver.maxResultSize", "1g");
    if (most > 0 && bytes * plan.ranks() > most) {
      throw new IllegalArgumentException(
          "spark.driver.maxResultSize must be at least %d, for the gradients of %d partitions, but"
                  .formatted(bytes * plan.ranks(), plan.ranks())
              + " was %d: raise it, use fewer partitions, or engine(SparkEngine.BARRIER)"
                  .formatted(most));
    }
  }

  private void aggregate(long step, Frames params, TreeForm form, GradientSum sum) {
    context.setJobDescription(reports.describe(plan.steps()));
    Broadcast<byte[][]> broadcast = context.broadcast(params.toBytes());
    try {
      AggregateTask<T> task = new AggregateTask<>(plan, form, broadcast, step);
      OrderedSum ordered = new OrderedSum(sum.frames());
      List<Object> partitions = new ArrayList<>();
      for (int i = 0; i < plan.ranks(); i++) {
        partitions.add(i);
      }
      TaskFunction<T> function = (taskContext, in) -> one(task, taskContext, in);
      context
          .sc()
          .runJob(
              shards.rdd(),
              function,
              CollectionConverters.asScala(partitions).toSeq(),
              (index, numbers) -> {
                ordered.add((Integer) index, numbers);
                return BoxedUnit.UNIT;
              },
              ClassTag$.MODULE$.<byte[][]>apply(byte[][].class));
      if (ordered.ranks() != plan.ranks()) {
        throw new IllegalStateException("the job must return the sums of all partitions");
      }
    } finally {
      if (!context.sc().isStopped()) {
        broadcast.destroy();
      }
    }
  }

  private static <T> byte[][] one(
      AggregateTask<T> task, TaskContext context, scala.collection.Iterator<T> in) {
    try {
      return task.run(context, in);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw BarrierRun.<RuntimeException>sneaky(e);
    }
  }

  @Override
  public @Nullable Checkpoint reached() {
    return replica == null ? null : replica.checkpoint();
  }

  @Override
  public void close() {
    if (cached && !context.sc().isStopped()) {
      shards.unpersist(true);
    }
    IdleWorkers.forget(plan.id());
  }
}
