package dev.glissade.bench;

/** Something whose steps are timed. */
interface Subject extends AutoCloseable {

  /** Takes steps, one after another. */
  void run(int steps);

  /** Takes steps; returns their time in nanoseconds. */
  default long time(int steps) {
    long start = System.nanoTime();
    run(steps);
    return System.nanoTime() - start;
  }

  /** Returns whether its steps run the code that they will run from now on. */
  default boolean isWarm() {
    return true;
  }

  /** Releases off-heap memory. */
  @Override
  default void close() {}
}
