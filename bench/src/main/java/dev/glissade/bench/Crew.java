package dev.glissade.bench;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs reference loops over ranges on one thread, or on two that take ranges in turn. */
final class Crew implements AutoCloseable {
  static final int RANGE = 16_384;
  private static final int SHARE = 65_536;

  private final ExecutorService second =
      Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "bench");
        thread.setDaemon(true);
        return thread;
      });

  /** A loop over a range of elements, which returns a sum. */
  interface Ranged {
    double run(int from, int to);
  }

  /** Runs the loop on all ranges; returns the sum of its results. */
  double run(Ranged loop, int size, int threads) {
    AtomicInteger next = new AtomicInteger();
    if (threads == 1) {
      return part(loop, size, next);
    }
    Callable<Double> half = () -> part(loop, size, next);
    Future<Double> other = second.submit(half);
    double mine = part(loop, size, next);
    try {
      return mine + other.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("the second thread failed", e);
    }
  }

  private static double part(Ranged loop, int size, AtomicInteger next) {
    double sum = 0;
    int shares = (size + SHARE - 1) / SHARE;
    for (int share = next.getAndIncrement(); share < shares; share = next.getAndIncrement()) {
      int end = (int) Math.min(size, (share + 1L) * SHARE);
      for (int from = share * SHARE; from < end; from += RANGE) {
        sum += loop.run(from, Math.min(end, from + RANGE));
      }
    }
    return sum;
  }

  @Override
  public void close() {
    second.shutdown();
  }
}
