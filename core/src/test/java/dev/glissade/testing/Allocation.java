package dev.glissade.testing;

import com.sun.management.ThreadMXBean;
import dev.glissade.Stepper;
import dev.glissade.Tree;
import java.lang.management.ManagementFactory;

/** What this thread allocates. */
public final class Allocation {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int MOST_ROUNDS = 500;
  private static final int STEPS_A_ROUND = 200;

  private Allocation() {}

  /** Returns the bytes that a task allocates. */
  public static long of(Runnable task) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    task.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  /**
   * What steps allocate once they are warm. How many that takes depends on when the compiler, a
   * thread of its own, has its turn: they go on until they allocate nothing, and give up late.
   */
  public static long least(Stepper<?> stepper, Tree... gradients) {
    return least(
        1,
        () -> {
          for (int i = 0; i < STEPS_A_ROUND; i++) {
            stepper.step(gradients[i % gradients.length]);
          }
        });
  }

  /** What one step allocates at least, once it is warm: for steps some of which must allocate. */
  public static long leastOfOne(Stepper<?> stepper, Tree... gradients) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < MOST_ROUNDS * STEPS_A_ROUND && least > 0; i++) {
      Tree g = gradients[i % gradients.length];
      least = Math.min(least, of(() -> stepper.step(g)));
    }
    return least;
  }

  /** The least that a task allocates, run until that is less than so many bytes, or many times. */
  public static long least(long enough, Runnable task) {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < MOST_ROUNDS && least >= enough; round++) {
      least = Math.min(least, of(task));
    }
    return least;
  }
}
