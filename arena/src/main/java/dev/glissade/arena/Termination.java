package dev.glissade.arena;

import dev.glissade.arena.train.CheckpointPolicy;
import dev.glissade.arena.train.StopSignal;
import java.util.concurrent.CountDownLatch;

/**
 * Ends a run cleanly when its process is terminated (SIGTERM, or SIGINT from a terminal): asks the
 * run to stop and delays the exit until its checkpoint or its results are written.
 */
final class Termination {
  /** Static, since a process ends once. */
  private static final CountDownLatch ENDED = new CountDownLatch(1);

  private final Runnable requestStop;
  private final CountDownLatch ended;
  private final Thread hook;

  private Termination(Runnable requestStop, CountDownLatch ended) {
    this.requestStop = requestStop;
    this.ended = ended;
    this.hook = new Thread(this::terminated, "glissade-termination");
  }

  static Termination of(CheckpointPolicy checkpoints) {
    Termination termination = new Termination(checkpoints::requestStop, ENDED);
    if (checkpoints.isEnabled()) {
      Runtime.getRuntime().addShutdownHook(termination.hook);
    }
    return termination;
  }

  /**
   * Says a sentence if the process is terminated before the run has ended, which then is lost.
   *
   * @param say prints the sentence
   */
  static Termination losing(Runnable say) {
    Termination termination = new Termination(say, new CountDownLatch(0));
    Runtime.getRuntime().addShutdownHook(termination.hook);
    return termination;
  }

  static Termination of(StopSignal stop) {
    Termination termination = new Termination(stop::request, ENDED);
    Runtime.getRuntime().addShutdownHook(termination.hook);
    return termination;
  }

  private void terminated() {
    requestStop.run();
    try {
      ended.await();
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
