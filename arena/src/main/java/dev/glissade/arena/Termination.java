package dev.glissade.arena;

import dev.glissade.arena.train.Keeping;
import java.util.concurrent.CountDownLatch;

/**
 * Lets a run end well when its process is told to (SIGTERM, or SIGINT from a terminal): asks it to
 * stop, and holds the process until its checkpoint is written.
 */
final class Termination {
  /** A process ends once. */
  private static final CountDownLatch ENDED = new CountDownLatch(1);

  private final Keeping keeping;
  private final Thread hook;

  private Termination(Keeping keeping) {
    this.keeping = keeping;
    this.hook = new Thread(this::terminated, "glissade-termination");
  }

  static Termination of(Keeping keeping) {
    Termination termination = new Termination(keeping);
    if (keeping.isEnabled()) {
      Runtime.getRuntime().addShutdownHook(termination.hook);
    }
    return termination;
  }

  private void terminated() {
    keeping.stop();
    try {
      ENDED.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets the process end: everything is said. */
  static void release() {
    ENDED.countDown();
  }

  /** The run is over, it need not be asked to stop any more. */
  void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already: the hook waits for what comes next.
    }
  }
}
