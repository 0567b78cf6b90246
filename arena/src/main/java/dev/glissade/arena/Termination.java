package dev.glissade.arena;

import dev.glissade.arena.train.CheckpointPolicy;
import java.util.concurrent.CountDownLatch;

/**
 * Lets a run end well when its process is told to (SIGTERM, or SIGINT from a terminal): asks it to
 * stop, and holds the process until its checkpoint is written.
 */
final class Termination {
  /** A process ends once. */
  private static final CountDownLatch ENDED = new CountDownLatch(1);

  private final CheckpointPolicy checkpoints;
  private final Thread hook;

  private Termination(CheckpointPolicy checkpoints) {
    this.checkpoints = checkpoints;
    this.hook = new Thread(this::terminated, "glissade-termination");
  }

  static Termination of(CheckpointPolicy checkpoints) {
    Termination termination = new Termination(checkpoints);
    if (checkpoints.isEnabled()) {
      Runtime.getRuntime().addShutdownHook(termination.hook);
    }
    return termination;
  }

  private void terminated() {
    checkpoints.requestStop();
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
