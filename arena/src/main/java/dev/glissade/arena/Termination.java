package dev.glissade.arena;

import dev.glissade.arena.train.CheckpointPolicy;
import java.util.concurrent.CountDownLatch;

/**
 * Ends a run cleanly when its process is terminated (SIGTERM, or SIGINT from a terminal): asks the
 * run to stop and delays the exit until its checkpoint is written.
 */
final class Termination {
  /** Static, since a process ends once. */
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

  /** Lets the process exit, after all output. */
  static void release() {
    ENDED.countDown();
  }

  /** Removes the hook after the run has ended. */
  void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is exiting already, and the hook waits for release().
    }
  }
}
