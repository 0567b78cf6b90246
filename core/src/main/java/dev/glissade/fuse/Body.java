package dev.glissade.fuse;

/** The generated loop of a section. */
interface Body {

  /**
   * Works on elements {@code from} to {@code to}; of a reducing section the last arrays are the
   * lanes of each reduction.
   */
  void run(Object[] arrays, double[] scalars, long[] keys, int from, int to);
}
