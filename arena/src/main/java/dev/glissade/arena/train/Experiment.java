package dev.glissade.arena.train;

import dev.glissade.arena.data.Examples;
import dev.glissade.arena.data.Split;
import dev.glissade.arena.report.Metric;
import dev.glissade.arena.report.Run;
import dev.glissade.arena.report.Trials;
import dev.glissade.records.Check;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Trains candidates on the same data, models and orders of examples, several at a time. Each run
 * belongs to one thread, so results do not depend on the number of threads.
 *
 * @param seed determines the split, the initial parameters and the orders; run i uses seed + i
 * @param seeds the number of runs of each candidate
 */
public record Experiment(List<Candidate> candidates, long seed, int seeds, int threads) {
  public Experiment {
    candidates = List.copyOf(candidates);
    Check.atLeast("--seeds", 1, seeds);
    Check.atLeast("--threads", 1, threads);
  }

  /** Trains once and saves checkpoints as the policy says. */
  public static TrainedModel train(
      OptimizerSpec spec,
      Split split,
      Plan plan,
      long seed,
      CheckpointPolicy checkpoints,
      ProgressListener progress) {
    return Training.run(spec, split, plan, seed, checkpoints, progress, new int[2], true);
  }

  /** Returns the complete runs of each candidate, in order. */
  public List<Trials> run(Examples examples, ProgressListener progress) {
    return run(examples, progress, new StopSignal()).stream().map(Objects::requireNonNull).toList();
  }

  /**
   * Returns the same, or, after {@code stop}, what is complete by then: fewer seeds, or null for a
   * candidate without a complete run.
   */
  public List<@Nullable Trials> run(Examples examples, ProgressListener progress, StopSignal stop) {
    SplitCache splits = new SplitCache(examples);
    if (candidates.size() * seeds > 1) {
      WarmUp.run(this, splits, stop);
    }
    List<Supplier<Run>> jobs = new ArrayList<>();
    for (int s = 0; s < seeds; s++) {
      for (int c = 0; c < candidates.size(); c++) {
        int[] number = {c, s};
        jobs.add(() -> one(number, splits, progress));
      }
    }
    List<@Nullable Run> runs = Jobs.run(jobs, threads, stop);
    List<@Nullable Trials> trials = new ArrayList<>();
    for (int c = 0; c < candidates.size(); c++) {
      SortedMap<Long, Run> bySeed = new TreeMap<>();
      for (int s = 0; s < seeds; s++) {
        Run run = runs.get(s * candidates.size() + c);
        if (run != null) {
          bySeed.put(seed + s, run);
        }
      }
      trials.add(bySeed.isEmpty() ? null : MeanRun.trials(bySeed, Metric.of(examples.task())));
    }
    return trials;
  }

  private Run one(int[] number, SplitCache splits, ProgressListener progress) {
    Candidate candidate = candidates.get(number[0]);
    long own = seed + number[1];
    Double epsilon = candidate.targetEpsilon();
    try {
      if (epsilon != null) {
        Split split = splits.publicSplit(own, candidate.labelNoise());
        return PrivateRun.train(
                candidate.spec(),
                split,
                candidate.plan(),
                own,
                new PrivateRun.Terms(epsilon, PrivacyMechanism.DELTA, null, null),
                CheckpointPolicy.none(),
                new NumberedProgress(progress, number[0], number[1]))
            .trained()
            .run();
      }
      Split split = splits.split(own, candidate.labelNoise());
      return Training.run(
              candidate.spec(),
              split,
              candidate.plan(),
              own,
              CheckpointPolicy.none(),
              progress,
              number,
              threads == 1)
          .run();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(candidate.spec().label() + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
