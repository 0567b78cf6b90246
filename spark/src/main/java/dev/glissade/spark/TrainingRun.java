package dev.glissade.spark;

import dev.glissade.NonFiniteException;
import dev.glissade.Tree;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import java.io.IOException;
import java.util.Properties;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/** Runs an engine, again from the newest checkpoint when it fails. */
final class TrainingRun {
  private static final System.Logger LOG = System.getLogger("dev.glissade.spark");

  private final JavaSparkContext context;
  private final TrainingPlan<?> plan;
  private final @Nullable HadoopCheckpoints checkpoints;
  private final int retries;
  private final Reports reports;

  TrainingRun(
      JavaSparkContext context,
      TrainingPlan<?> plan,
      @Nullable HadoopCheckpoints checkpoints,
      int retries,
      Reports reports) {
    this.context = context;
    this.plan = plan;
    this.checkpoints = checkpoints;
    this.retries = retries;
    this.reports = reports;
  }

  TrainingResult run(EngineRun engine, Tree params) throws IOException {
    Properties before = (Properties) context.sc().getLocalProperties().clone();
    context.setJobGroup(plan.id(), "training: %d steps".formatted(plan.steps()), true);
    try {
      if (checkpoints != null) {
        checkpoints.removeLeftovers();
      }
      return attempts(engine, start(params), params);
    } finally {
      context.cancelJobGroup(plan.id());
      context.sc().setLocalProperties(before);
      if (checkpoints != null) {
        checkpoints.removeLeftovers();
      }
    }
  }

  private TrainingResult attempts(EngineRun engine, byte[][] first, Tree params)
      throws IOException {
    byte[][] start = first;
    long reached = step(start);
    reports.startAt(reached);
    int failures = 0;
    int inARow = 0;
    String cause = "";
    while (true) {
      context.setJobDescription("training: steps %d to %d".formatted(reached + 1, plan.steps()));
      try {
        Checkpoint end = reached == plan.steps() ? Blocks.checkpoint(start) : engine.run(start);
        reports.complete(Replica.losses(end));
        return new TrainingResult(end, Replica.losses(end), failures);
      } catch (Exception e) {
        rethrowIfFinal(e);
        start = continuation(engine, start, params);
        boolean progress = step(start) > reached;
        reached = step(start);
        inARow = progress ? 1 : inARow + 1;
        cause = inARow == 1 ? FailureCause.of(e) : cause;
        failures++;
        LOG.log(
            System.Logger.Level.WARNING,
            "the training failed after step %d: %s".formatted(reached, FailureCause.of(e)));
        if (inARow > retries) {
          throw new TrainingFailedException(
              "the training failed %d times in a row after step %d, first because of %s"
                  .formatted(inARow, reached, cause),
              e);
        }
      }
    }
  }

  /** Throws what no other attempt would mend. */
  private void rethrowIfFinal(Exception e) {
    reports.throwFailure();
    if (e instanceof InterruptedException) {
      Thread.currentThread().interrupt();
      throw new TrainingFailedException("the training was interrupted", e);
    }
    if (e instanceof NonFiniteException || e instanceof IllegalArgumentException) {
      throw (RuntimeException) e;
    }
    SparkContext sc = context.sc();
    if (sc.isStopped() || FailureCause.isCancelled(e)) {
      throw new TrainingFailedException("the training was ended: " + FailureCause.of(e), e);
    }
  }

  private static long step(byte[][] checkpoint) throws CheckpointException {
    return Blocks.checkpoint(checkpoint).step();
  }

  private byte[][] continuation(EngineRun engine, byte[][] start, Tree params) throws IOException {
    byte[][] kept = engine.reached();
    if (kept != null) {
      return kept;
    }
    return checkpoints == null ? start : start(params);
  }

  /** Returns the newest checkpoint of this training; without one, the state before step 1. */
  private byte[][] start(Tree params) throws IOException {
    HadoopCheckpoints.Stored stored = checkpoints == null ? null : checkpoints.newest();
    if (stored == null) {
      return Blocks.of(Replica.first(plan, params).checkpoint());
    }
    Checkpoint checkpoint = stored.checkpoint();
    try {
      require(checkpoint, params);
      plan.stepper(checkpoint);
    } catch (CheckpointException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s must belong to this training: %s; use another folder for another training"
              .formatted(stored.file(), e.getMessage()),
          e);
    }
    return Blocks.of(checkpoint);
  }

  private void require(Checkpoint checkpoint, Tree params) throws CheckpointException {
    TrainingPlan.Fingerprint stored = Replica.fingerprint(checkpoint);
    requireSame("seed", plan.seed(), stored.seed());
    requireSame("batch", plan.batch(), stored.batch());
    requireSame("the number of partitions", plan.ranks(), stored.partitions());
    if (!checkpoint.params().structure().equals(params.structure())) {
      throw new IllegalArgumentException(
          "its params must have the structure %s, but had %s"
              .formatted(params.structure(), checkpoint.params().structure()));
    }
    if (checkpoint.step() > plan.steps()) {
      throw new IllegalArgumentException(
          "its step must be at most %d, but was %d".formatted(plan.steps(), checkpoint.step()));
    }
  }

  private static void requireSame(String name, long wanted, long stored) {
    if (wanted != stored) {
      throw new IllegalArgumentException(
          "its %s must be %d, but was %d".formatted(name, wanted, stored));
    }
  }
}
