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
 * Optimizers on the same data, models and orders of examples, several at a time. Each run is one
 * thread's alone, so the results are the same for any number of threads.
 *
 * @param seed decides on the split, the first parameters and the orders; further seeds follow it
 * @param seeds how many runs each optimizer has
 */
public record Contest(List<Contestant> contestants, Plan plan, long seed, int seeds, int threads) {
  public Contest {
    contestants = List.copyOf(contestants);
    Check.atLeast("--seeds", 1, seeds);
    Check.atLeast("--threads", 1, threads);
  }

  /** A single run, kept as {@code keeping} says. */
  public static Trained train(
      Contestant contestant,
      Split split,
      Plan plan,
      long seed,
      Keeping keeping,
      Progress progress) {
    return Training.run(contestant, split, plan, seed, keeping, progress, new int[2]);
  }

  /** One run for each optimizer, in order: its only one, or the mean of its runs. */
  public List<Run> run(Examples examples, Progress progress) {
    List<Split> splits = IntStream.range(0, seeds).mapToObj(i -> examples.split(seed + i)).toList();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<List<Future<Run>>> bySeed = new ArrayList<>();
      for (int s = 0; s < seeds; s++) {
        List<Future<Run>> futures = new ArrayList<>();
        for (int c = 0; c < contestants.size(); c++) {
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
    for (int c = 0; c < contestants.size(); c++) {
      List<Run> own = new ArrayList<>();
      for (List<Future<Run>> futures : bySeed) {
        own.add(get(futures.get(c)));
      }
      means.add(MeanRun.of(own));
    }
    return means;
  }

  private Run one(int[] number, Split split, Progress progress) {
    Contestant contestant = contestants.get(number[0]);
    try {
      return Training.run(
              contestant, split, plan, seed + number[1], Keeping.none(), progress, number)
          .run();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(contestant.label() + ": " + e.getMessage(), e);
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
