package dev.glissade.arena.train;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs jobs on several threads. */
final class Jobs {
  private Jobs() {}

  /**
   * Returns the result of each job, in order; null for a job that was not complete when {@code
   * stop} was given. Such a job goes on in the background, on a thread that does not keep the
   * program alive, and nobody sees its result.
   *
   * @throws RuntimeException the first failure, in the order of the jobs
   */
  static <T> List<@Nullable T> run(List<Supplier<T>> jobs, int threads, StopSignal stop) {
    ExecutorService pool = Executors.newFixedThreadPool(threads, Jobs::daemon);
    try {
      List<CompletableFuture<T>> futures = new ArrayList<>();
      jobs.forEach(job -> futures.add(CompletableFuture.supplyAsync(job, pool)));
      List<@Nullable T> results = new ArrayList<>();
      for (CompletableFuture<T> future : futures) {
        results.add(result(future, stop));
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }

  private static Thread daemon(Runnable job) {
    Thread thread = new Thread(job, "glissade-training");
    thread.setDaemon(true);
    return thread;
  }

  private static <T> @Nullable T result(CompletableFuture<T> future, StopSignal stop) {
    try {
      stop.await(future);
      return future.getNow(null);
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    }
  }
}
