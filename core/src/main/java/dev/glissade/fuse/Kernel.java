package dev.glissade.fuse;

/** A tape that can run. Immutable and shared; everything that changes is an argument. */
interface Kernel {

  /**
   * Works on the elements {@code from} to {@code to} (not included), at most {@link Loop#RANGE}.
   *
   * @param partials takes each reduction's result over these elements
   * @param scratch of {@link #scratch()}, for one thread
   */
  void run(
      Object[] arrays,
      double[] scalars,
      long[] keys,
      int from,
      int to,
      double[] partials,
      Object scratch);

  /** Room to work in. */
  Object scratch();
}
