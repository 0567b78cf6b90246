package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;

/** What a test needs to know of a thread that it started. */
final class Waiting {
  private Waiting() {}

  /** Starts a thread and returns once it waits; fails if it ends instead. */
  static void start(Thread thread) throws InterruptedException {
    thread.start();
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      assertThat(thread.isAlive()).as("%s waits", thread.getName()).isTrue();
      Thread.sleep(1);
    }
  }
}
