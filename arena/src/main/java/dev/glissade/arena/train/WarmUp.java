package dev.glissade.arena.train;

import dev.glissade.arena.data.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Trains for a moment before any run is timed. Java compiles code while it runs, so without this
 * the first runs of a comparison would take several times as long as equal ones that follow. What
 * is trained here is thrown away and counts nowhere.
 */
final class WarmUp {
  /** The time for all optimizers together, on the clock. */
  private static final long NANOS = 2_000_000_000L;

  private static final int ROUNDS = 2;
  private static final int ROWS = 2048;
  private static final int PRIVATE_ROWS = 256;

  private WarmUp() {}

  /** Trains each optimizer for its share of two seconds, or of one run if that is shorter. */
  static void run(Experiment experiment, SplitCache splits, StopSignal stop) {
    Map<String, Candidate> kinds = new LinkedHashMap<>();
    for (Candidate candidate : experiment.candidates()) {
      boolean isPrivate = candidate.targetEpsilon() != null;
      kinds.putIfAbsent((isPrivate ? "private " : "") + candidate.spec().label(), candidate);
    }
    int threads = Math.min(experiment.threads(), kinds.size());
    long nanos = NANOS * threads / kinds.size() / ROUNDS;
    List<Supplier<Boolean>> jobs = new ArrayList<>();
    // In a second round, the first optimizer meets code that is as warm as it is for the last.
    for (int round = 0; round < ROUNDS; round++) {
      kinds.values().forEach(one -> jobs.add(() -> train(one, experiment, splits, nanos)));
    }
    Jobs.run(jobs, threads, stop);
  }

  private static boolean train(
      Candidate candidate, Experiment experiment, SplitCache splits, long nanos) {
    long end = System.nanoTime() + nanos;
    try {
      if (candidate.targetEpsilon() == null) {
        Split split = splits.split(experiment.seed(), candidate.labelNoise()).first(ROWS);
        Training.warmUp(
            candidate.spec(),
            split,
            candidate.plan(),
            experiment.seed(),
            experiment.threads() == 1,
            end);
      } else {
        privately(candidate, experiment, splits, end);
      }
      return true;
    } catch (IllegalArgumentException | IOException e) {
      // The run itself reports it.
      return false;
    }
  }

  private static void privately(
      Candidate candidate, Experiment experiment, SplitCache splits, long end) throws IOException {
    Split all = splits.publicSplit(experiment.seed(), candidate.labelNoise());
    Plan plan = candidate.plan();
    for (int epoch = 0; epoch < plan.epochs() && System.nanoTime() < end; epoch++) {
      PrivateRun.train(
          candidate.spec(),
          all.first(PRIVATE_ROWS),
          plan.epochs(1),
          experiment.seed(),
          new PrivateRun.Terms(1, PrivacyMechanism.DELTA, null, null),
          CheckpointPolicy.none(),
          ProgressListener.SILENT);
    }
  }
}
