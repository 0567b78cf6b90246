package dev.glissade.bench;

/** Something that takes steps and is timed at it. */
interface Subject extends AutoCloseable {

  /** Takes some steps, one after the other. */
  void run(int steps);

  /** Takes some steps; how many nanoseconds they took. */
  default long time(int steps) {
    long start = System.nanoTime();
    run(steps);
    return System.nanoTime() - start;
  }

  /** Lets go of what it holds outside of the heap. */
  @Override
  default void close() {}
}
