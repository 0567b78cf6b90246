package dev.glissade.spark;

import dev.glissade.NonFiniteException;
import dev.glissade.Tree;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import java.io.IOException;
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
  private int failures;
  private int inARow;
  private String cause = "";

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
    try (JobScope jobs = new JobScope(context, plan.id())) {
      jobs.describe("training: %d steps".formatted(plan.steps()));
      if (checkpoints != null) {
        checkpoints.removeLeftovers();
      }
      return attempts(engine, start(params), params);
    } finally {
      if (checkpoints != null) {
        checkpoints.tryRemoveLeftovers();
      }
    }
  }

  /** A checkpoint's file, and its step. */
  private record Start(long step, byte[][] file) {
    static Start of(Checkpoint checkpoint) {
      return new Start(checkpoint.step(), Blocks.of(checkpoint));
    }
  }

  private TrainingResult attempts(EngineRun engine, Start first, Tree params) throws IOException {
    Start start = first;
    reports.startAt(start.step());
    while (true) {
      context.setJobDescription(
          "training: steps %d to %d".formatted(start.step() + 1, plan.steps()));
      try {
        boolean done = start.step() == plan.steps() && engine.reached() == null;
        Checkpoint end = done ? Blocks.checkpoint(start.file()) : engine.run(start.file());
        reports.complete(Replica.losses(end));
        return new TrainingResult(
            end, plan.stepper(end).evalParams(), Replica.losses(end), failures);
      } catch (Exception e) {
        rethrowIfFinal(e);
        start = afterFailure(engine, start, params, e);
      }
    }
  }

  /** Returns where to start again, unless the training has failed too often at the same place. */
  private Start afterFailure(EngineRun engine, Start start, Tree params, Exception thrown) {
    Exception failure = thrown;
    Start next = start;
    try {
      next = continuation(engine, start, params);
    } catch (IOException e) {
      e.addSuppressed(thrown);
      failure = e;
    }
    inARow = next.step() > start.step() ? 1 : inARow + 1;
    cause = inARow == 1 ? FailureCause.of(failure) : cause;
    failures++;
    LOG.log(
        System.Logger.Level.WARNING,
        "the training failed after step %d: %s".formatted(next.step(), FailureCause.of(failure)));
    if (inARow > retries) {
      throw new TrainingFailedException(
          "the training failed %d times in a row after step %d, first because of %s"
              .formatted(inARow, next.step(), cause),
          failure);
    }
    return next;
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
    IllegalArgumentException mistake = FailureCause.mistake(e);
    if (mistake != null) {
      throw mistake;
    }
    SparkContext sc = context.sc();
    if (sc.isStopped() || FailureCause.isCancelled(e)) {
      throw new TrainingFailedException("the training was ended: " + FailureCause.of(e), e);
    }
  }

  private Start continuation(EngineRun engine, Start start, Tree params) throws IOException {
    Checkpoint kept = engine.reached();
    if (kept != null) {
      return Start.of(kept);
    }
    return checkpoints == null ? start : start(params);
  }

  /** Returns the newest checkpoint of this training; without one, the state before step 1. */
  private Start start(Tree params) throws IOException {
    HadoopCheckpoints.Stored stored = checkpoints == null ? null : checkpoints.newest();
    if (stored == null) {
      return Start.of(Replica.first(plan, params).checkpoint());
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
    return Start.of(checkpoint);
  }

  private void require(Checkpoint checkpoint, Tree params) throws CheckpointException {
    TrainingPlan.Fingerprint stored = Replica.fingerprint(checkpoint);
    requireSame("its seed", plan.seed(), stored.seed());
    requireSame("its batch", plan.batch(), stored.batch());
    requireSame("its number of partitions", plan.ranks(), stored.partitions());
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
          "%s must be %d, but was %d".formatted(name, wanted, stored));
    }
  }
}
