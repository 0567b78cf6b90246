package dev.glissade.privacy;

import dev.glissade.Tree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Computes the sums of the parts of a batch on several threads; keeps them for the next batch. */
final class WorkerSums {
  private final List<ClippedSum> sums = new ArrayList<>();

  /** Returns each worker's sum over its part of the batch, valid until the next call. */
  List<ClippedSum> of(
      List<? extends ExampleGradient> workers, Tree params, ClippedSum.Terms terms, int[] batch) {
    while (sums.size() < workers.size()) {
      sums.add(new ClippedSum(params, terms).threads(1));
    }
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    IntStream.range(0, workers.size())
        .parallel()
        .forEach(w -> {
          int[] part =
              Arrays.copyOfRange(
                  batch, edge(batch, w, workers.size()), edge(batch, w + 1, workers.size()));
          try {
            add(workers.get(w), params, part, sums.get(w), terms, failure);
          } catch (RuntimeException | Error e) {
            // Thrown only after all workers have ended, so that none adds to the next batch.
            failure.compareAndSet(null, e);
          }
        });
    rethrow(failure.get());
    return sums.subList(0, workers.size());
  }

  private static void add(
      ExampleGradient worker,
      Tree params,
      int[] part,
      ClippedSum sum,
      ClippedSum.Terms terms,
      AtomicReference<@Nullable Throwable> failure) {
    sum.begin(terms);
    for (int i = 0; i < part.length && failure.get() == null; i++) {
      sum.add(worker.at(params, part[i]));
    }
  }

  private static int edge(int[] batch, int worker, int workers) {
    return (int) ((long) batch.length * worker / workers);
  }

  private static void rethrow(@Nullable Throwable failure) {
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }
}
