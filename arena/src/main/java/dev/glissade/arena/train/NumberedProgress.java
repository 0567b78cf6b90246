package dev.glissade.arena.train;

/** Passes on the progress of a single run as that of one of many. */
record NumberedProgress(ProgressListener all, int number, int seedNumber)
    implements ProgressListener {

  @Override
  public void resumed(int optimizer, int seed, int epochs) {
    all.resumed(number, seedNumber, epochs);
  }

  @Override
  public void epoch(int optimizer, int seed, int epoch, Metrics validation) {
    all.epoch(number, seedNumber, epoch, validation);
  }

  @Override
  public void skipped(int optimizer, int seed, long steps) {
    all.skipped(number, seedNumber, steps);
  }

  @Override
  public void ended(int optimizer, int seed, double score, boolean diverged) {
    all.ended(number, seedNumber, score, diverged);
  }

  @Override
  public void close() {}
}
