package dev.glissade.arena.train;

/** Receives the progress of runs, from several threads. */
public interface ProgressListener extends AutoCloseable {
  /** Called when a run resumes after this many epochs of an earlier process. */
  default void resumed(int optimizer, int seed, int epochs) {}

  /** Called when a run has finished an epoch, with its metrics on the validation part. */
  void epoch(int optimizer, int seed, int epoch, Metrics validation);

  /** Called with the number of steps skipped so far because numbers were not finite. */
  default void skipped(int optimizer, int seed, long steps) {}

  /**
   * Called when a run has ended, after its last epoch or because it diverged.
   *
   * @param score the score on the test part
   */
  void ended(int optimizer, int seed, double score, boolean diverged);

  @Override
  void close();

  /** Ignores all progress. */
  ProgressListener SILENT =
      new ProgressListener() {
        @Override
        public void epoch(int optimizer, int seed, int epoch, Metrics validation) {}

        @Override
        public void ended(int optimizer, int seed, double score, boolean diverged) {}

        @Override
        public void close() {}
      };
}
