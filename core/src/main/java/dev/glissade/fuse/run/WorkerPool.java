package dev.glissade.fuse.run;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads that help with large passes: daemons, made when first needed. They wait for the next pass
 * for a moment before they sleep, since a step has several.
 */
final class WorkerPool {
  private static final int MOST = 64;
  private static final int SPINS = 10_000;
  private static final ArrayDeque<Helper> IDLE = new ArrayDeque<>(MOST + 1);
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static int made;

  private WorkerPool() {}

  /** Work that several threads do parts of. One call at a time. */
  abstract static class Job {
    private final AtomicInteger running = new AtomicInteger();
    private @Nullable Thread caller;
    private volatile @Nullable Throwable failure;

    /** Does parts until none is left, as the thread of this number. */
    abstract void work(int number);

    /**
     * Does it all, by the caller, who is number 0, and helpers, fewer if there are not enough.
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
      int spins = 0;
      while (running.get() > 0) {
        if (++spins < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
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

    void give(Job given, int as) {
      number = as;
      job = given;
      LockSupport.unpark(this);
    }

    @Override
    public void run() {
      while (true) {
        Job given = await();
        given.help(number);
        job = null;
        synchronized (IDLE) {
          IDLE.push(this);
        }
        given.helped();
      }
    }

    private Job await() {
      int spins = 0;
      while (true) {
        Job given = job;
        if (given != null) {
          return given;
        }
        if (++spins < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
    }
  }

  private static @Nullable Helper helper() {
    synchronized (IDLE) {
      if (!IDLE.isEmpty()) {
        return IDLE.pop();
      }
      if (made == MOST) {
        return null;
      }
      made++;
    }
    return started();
  }

  /** A helper more, or null if the system gives no thread: then the others do its part. */
  private static @Nullable Helper started() {
    try {
      Helper helper = new Helper(NAMES.incrementAndGet());
      helper.start();
      return helper;
    } catch (OutOfMemoryError e) {
      synchronized (IDLE) {
        made--;
      }
      return null;
    }
  }
}
