package dev.glissade.arena.train;

import dev.glissade.arena.data.Examples;
import dev.glissade.arena.data.Split;
import dev.glissade.arena.report.Run;
import dev.glissade.records.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Trains optimizers on the same data, models and orders of examples, several at a time. Each run
 * belongs to one thread, so results do not depend on the number of threads.
 *
 * @param seed determines the split, the initial parameters and the orders; run i uses seed + i
 * @param seeds the number of runs of each optimizer
 */
public record Experiment(
    List<OptimizerSpec> optimizers, Plan plan, long seed, int seeds, int threads) {
  public Experiment {
    optimizers = List.copyOf(optimizers);
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
    return Training.run(spec, split, plan, seed, checkpoints, progress, new int[2]);
  }

  /** Returns one run for each optimizer, in order: its only run or the mean of its runs. */
  public List<Run> run(Examples examples, ProgressListener progress) {
    List<Split> splits = IntStream.range(0, seeds).mapToObj(i -> examples.split(seed + i)).toList();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<List<Future<Run>>> bySeed = new ArrayList<>();
      for (int s = 0; s < seeds; s++) {
        List<Future<Run>> futures = new ArrayList<>();
        for (int c = 0; c < optimizers.size(); c++) {
          int[] number = {c, s};
          futures.add(pool.submit(() -> one(number, splits.get(number[1]), progress)));
        }
        bySeed.add(futures);
      }
      return means(bySeed);
    } finally {
      pool.shutdownNow();
    }
  }

  private List<Run> means(List<List<Future<Run>>> bySeed) {
    List<Run> means = new ArrayList<>();
    for (int c = 0; c < optimizers.size(); c++) {
      List<Run> own = new ArrayList<>();
      for (List<Future<Run>> futures : bySeed) {
        own.add(get(futures.get(c)));
      }
      means.add(MeanRun.of(own));
    }
    return means;
  }

  private Run one(int[] number, Split split, ProgressListener progress) {
    OptimizerSpec spec = optimizers.get(number[0]);
    try {
      return Training.run(
              spec, split, plan, seed + number[1], CheckpointPolicy.none(), progress, number)
          .run();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(spec.label() + ": " + e.getMessage(), e);
    }
  }

  private static Run get(Future<Run> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the training was interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
