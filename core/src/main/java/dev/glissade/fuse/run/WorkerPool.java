package dev.glissade.fuse.run;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A pool of daemon threads that help with large passes, started on demand. They spin for a moment
 * before they park, because a step has several passes.
 */
final class WorkerPool {
  private static final int MAX_HELPERS = 64;
  private static final int SPINS = 10_000;
  private static final ArrayDeque<Helper> IDLE = new ArrayDeque<>(MAX_HELPERS + 1);
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static int started;

  private WorkerPool() {}

  /** Work that several threads share; a job runs once at a time. */
  abstract static class Job {
    private final AtomicInteger running = new AtomicInteger();
    private @Nullable Thread caller;
    private volatile @Nullable Throwable failure;

    /** Processes parts until none is left, as the thread of this number. */
    abstract void work(int thread);

    /**
     * Runs the job on the caller, as thread 0, and on helpers, or fewer if the pool is exhausted.
     * Allocates nothing but helpers.
     */
    final void share(int threads) {
      caller = Thread.currentThread();
      failure = null;
      running.set(1);
      for (int number = 1; number < threads; number++) {
        Helper helper = helper();
        if (helper != null) {
          running.incrementAndGet();
          helper.give(this, number);
        }
      }
      try {
        work(0);
      } finally {
        running.decrementAndGet();
        await();
      }
      Throwable thrown = failure;
      if (thrown != null) {
        throw new IllegalStateException("a helper thread failed", thrown);
      }
    }

    private void await() {
      for (int spins = 0; running.get() > 0; spins++) {
        pause(spins, this);
      }
    }

    private void help(int number) {
      try {
        work(number);
      } catch (Throwable e) {
        failure = e;
      }
    }

    private void helped() {
      Thread waiting = caller;
      if (running.decrementAndGet() == 0) {
        LockSupport.unpark(waiting);
      }
    }
  }

  private static final class Helper extends Thread {
    private int number;
    private volatile @Nullable Job job;

    Helper(int id) {
      super("glissade-" + id);
      setDaemon(true);
    }

    void give(Job next, int thread) {
      number = thread;
      job = next;
      LockSupport.unpark(this);
    }

    @Override
    public void run() {
      while (true) {
        Job next = await();
        next.help(number);
        job = null;
        synchronized (IDLE) {
          IDLE.push(this);
        }
        next.helped();
      }
    }

    private Job await() {
      Job next = job;
      for (int spins = 0; next == null; spins++) {
        pause(spins, this);
        next = job;
      }
      return next;
    }
  }

  /** Spins for a while, then parks. */
  private static void pause(int spins, Object blocker) {
    if (spins < SPINS) {
      Thread.onSpinWait();
    } else {
      LockSupport.park(blocker);
    }
  }

  private static @Nullable Helper helper() {
    synchronized (IDLE) {
      if (!IDLE.isEmpty()) {
        return IDLE.pop();
      }
      if (started == MAX_HELPERS) {
        return null;
      }
      started++;
    }
    return start();
  }

  /** Starts a helper; returns null if the system has no thread: then the others do its part. */
  private static @Nullable Helper start() {
    try {
      Helper helper = new Helper(NAMES.incrementAndGet());
      helper.start();
      return helper;
    } catch (OutOfMemoryError e) {
      synchronized (IDLE) {
        started--;
      }
      return null;
    }
  }
}
