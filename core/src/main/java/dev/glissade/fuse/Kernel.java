package dev.glissade.fuse;

/** A tape that can run. Immutable and shared; everything that changes is an argument. */
interface Kernel {

  /**
   * Works on one range.
   *
   * @param partials takes each reduction's result over the range
   * @param at where in it the first goes
   * @param scratch of {@link #scratch()}, for one thread
   */
  void run(Work work, double[] partials, int at, Object scratch);

  /** Room to work in. */
  Object scratch();
}
