package dev.glissade.spark;

import dev.glissade.Tree;
import dev.glissade.checkpoint.Checkpoint;
import java.io.IOException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

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
  private final CachedData cached;
  private @Nullable Replica replica;

  /** The step whose checkpoint is still to be saved; 0 for none. */
  private long unsaved;

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
    this.cached = new CachedData(shards);
  }

  @Override
  public Checkpoint run(byte[][] start) throws Exception {
    Replica now =
        Replica.of(plan, Blocks.checkpoint(start), Runtime.getRuntime().availableProcessors());
    replica = now;
    GradientSum sum = new GradientSum(now.params().structure(), plan.ranks());
    Tree sent = ArrayTrees.zeros(now.params().structure());
    Frames params = new Frames(ArrayTrees.arrays(sent));
    ResultSize.require(
        context.getConf(),
        sum.frames().bytes() * plan.ranks(),
        "the gradients of %d partitions".formatted(plan.ranks()),
        "use fewer partitions or engine(SparkEngine.BARRIER)");
    save(now);
    while (now.steps() < plan.steps()) {
      now.params().copyTo(sent);
      aggregate(now.steps() + 1, params, TreeForm.of(sent.structure()), sum);
      double loss = now.step(sum);
      boolean due = checkpoints != null && checkpoints.isDue(now.steps(), plan.steps());
      unsaved = due ? now.steps() : 0;
      reports.add(new StepReport(now.steps(), loss, now.stepSize()));
      save(now);
      reports.throwFailure();
    }
    return Blocks.checkpoint(Blocks.of(now.checkpoint()));
  }

  /** Saves the checkpoint that is due, also one that could not be saved before. */
  private void save(Replica now) throws IOException {
    if (checkpoints != null && unsaved == now.steps() && unsaved > 0) {
      checkpoints.save(now.checkpoint());
      unsaved = 0;
    }
  }

  private void aggregate(long step, Frames params, TreeForm form, GradientSum sum) {
    context.setJobDescription(reports.describe(plan.steps()));
    Broadcast<byte[][]> broadcast = context.broadcast(params.toBytes());
    try {
      AggregateTask<T> task = new AggregateTask<>(plan, form, broadcast, step);
      byte[][][] sums = PartitionJob.results(shards, task::run, byte[][].class);
      sum.frames().set(sums[0]);
      for (int rank = 1; rank < sums.length; rank++) {
        sum.frames().add(sums[rank]);
      }
    } finally {
      if (!context.sc().isStopped()) {
        broadcast.destroy();
      }
    }
  }

  @Override
  public @Nullable Checkpoint reached() {
    return replica == null ? null : replica.checkpoint();
  }

  @Override
  public void close() {
    cached.close();
    IdleWorkers.forget(plan.id());
  }
}
