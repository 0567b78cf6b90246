package dev.glissade.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** Bounds what a task costs, by the processor's time: a busy machine makes no difference. */
public final class ProcessorTime {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private ProcessorTime() {}

  /** A task that may throw. */
  @FunctionalInterface
  public interface Task {
    void run() throws Exception;
  }

  /** Runs a task; fails if this thread has computed for longer than it may. */
  public static void requireAtMost(int seconds, String what, Task task) throws Exception {
    long start = THREADS.getCurrentThreadCpuTime();
    task.run();
    double taken = (THREADS.getCurrentThreadCpuTime() - start) / 1e9;
    assertThat(taken).as("processor seconds of %s", what).isLessThanOrEqualTo(seconds);
  }
}
