package dev.glissade.host.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * Finds out whether steps leave anything behind, in the heap or outside of it.
 *
 * @param counted counts what the framework itself counts, such as its pointers
 * @param own measures the native memory of the process, such as {@link #privateBytes}
 */
public record Growth(LongSupplier counted, LongSupplier own) {
  private static final int MOST_TRIES = 100;
  private static final int ROUNDS = 3;
  private static final int WARM_UP = 200;

  /**
   * What there is after some steps, or how much more there may be.
   *
   * @param counted what the framework counts
   * @param heap bytes of objects
   * @param direct bytes of direct buffers
   * @param own bytes of native memory
   */
  public record Usage(long counted, long heap, long direct, long own) {
    private boolean isWithin(Usage bounds, Usage before) {
      return counted - before.counted <= bounds.counted
          && heap - before.heap <= bounds.heap
          && direct - before.direct <= bounds.direct
          && own - before.own <= bounds.own;
    }
  }

  /**
   * Requires that steps leave nothing behind in one of three rounds: allocators keep pages, and on
   * a busy machine more of them, but not in every round.
   *
   * @param count the number of steps in a round
   * @param bounds how much more there may be after a round
   * @param steps takes a number of steps
   * @throws InterruptedException if this thread is interrupted
   */
  public void requireNone(int count, Usage bounds, IntConsumer steps) throws InterruptedException {
    steps.accept(WARM_UP);
    Usage before = now();
    steps.accept(count);
    Usage after = within(bounds, before);
    for (int round = 1; round < ROUNDS && !after.isWithin(bounds, before); round++) {
      before = now();
      steps.accept(count);
      after = within(bounds, before);
    }
    assertThat(after.counted()).isLessThanOrEqualTo(before.counted() + bounds.counted());
    assertThat(after.heap()).isLessThanOrEqualTo(before.heap() + bounds.heap());
    assertThat(after.direct()).isLessThanOrEqualTo(before.direct() + bounds.direct());
    assertThat(after.own()).isLessThanOrEqualTo(before.own() + bounds.own());
  }

  private Usage now() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    long direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    return new Usage(
        counted.getAsLong(), runtime.totalMemory() - runtime.freeMemory(), direct, own.getAsLong());
  }

  /**
   * Returns the usage once it is within these bounds of another, or the last of many: what a
   * collection finds is freed by other threads, some time later.
   */
  private Usage within(Usage bounds, Usage before) throws InterruptedException {
    Usage now = now();
    for (int i = 1; i < MOST_TRIES && !now.isWithin(bounds, before); i++) {
      Thread.sleep(10);
      now = now();
    }
    return now;
  }

  /**
   * Returns what the process has in memory or swapped out, except for what the virtual machine has
   * taken for itself, which it must have touched before ({@code -XX:+AlwaysPreTouch}).
   *
   * @return the number of bytes; 0 on systems that do not tell
   */
  public static long privateBytes() {
    Path file = Path.of("/proc/self/status");
    if (!Files.exists(file)) {
      return 0;
    }
    long kilobytes =
        lines(file).stream()
            .filter(line -> line.startsWith("RssAnon:") || line.startsWith("VmSwap:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .sum();
    assertThat(kilobytes).isPositive();
    long pools = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      pools += pool.getUsage().getCommitted();
    }
    return 1024 * kilobytes - pools;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
