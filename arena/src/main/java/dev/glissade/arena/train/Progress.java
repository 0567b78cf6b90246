package dev.glissade.arena.train;

import dev.glissade.arena.model.Evaluation;

/** Hears how runs get on, from several threads. */
public interface Progress extends AutoCloseable {
  /** A run goes on behind so many epochs of an earlier one. */
  default void resumed(int contestant, int seed, int epochs) {}

  /** A run has finished an epoch; {@code test} is how it does on the test part. */
  void epoch(int contestant, int seed, int epoch, Evaluation test);

  /** So many steps of a run were skipped so far, since their numbers were not finite. */
  default void skipped(int contestant, int seed, long steps) {}

  /**
   * A run has ended, after its last epoch or because it diverged.
   *
   * @param accuracy on the test part
   */
  void ended(int contestant, int seed, double accuracy, boolean diverged);

  @Override
  void close();

  /** Says nothing. */
  Progress SILENT =
      new Progress() {
        @Override
        public void epoch(int contestant, int seed, int epoch, Evaluation test) {}

        @Override
        public void ended(int contestant, int seed, double accuracy, boolean diverged) {}

        @Override
        public void close() {}
      };
}
