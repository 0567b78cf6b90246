package dev.glissade.arena.train;

import dev.glissade.arena.model.Metrics;

/** Hears how runs get on, from several threads. */
public interface ProgressListener extends AutoCloseable {
  /** A run goes on behind so many epochs of an earlier one. */
  default void resumed(int optimizer, int seed, int epochs) {}

  /** A run has finished an epoch; {@code test} is how it does on the test part. */
  void epoch(int optimizer, int seed, int epoch, Metrics test);

  /** So many steps of a run were skipped so far, since their numbers were not finite. */
  default void skipped(int optimizer, int seed, long steps) {}

  /**
   * A run has ended, after its last epoch or because it diverged.
   *
   * @param accuracy on the test part
   */
  void ended(int optimizer, int seed, double accuracy, boolean diverged);

  @Override
  void close();

  /** Says nothing. */
  ProgressListener SILENT =
      new ProgressListener() {
        @Override
        public void epoch(int optimizer, int seed, int epoch, Metrics test) {}

        @Override
        public void ended(int optimizer, int seed, double accuracy, boolean diverged) {}

        @Override
        public void close() {}
      };
}
