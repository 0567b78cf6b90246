package dev.glissade.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two thousand steps leave nothing behind, neither in the heap nor outside of it. */
class MemoryTest {
  private static final int MOST_TRIES = 100;

  /** What there is after some steps. */
  private record Usage(long pointers, long heap, long direct, long own) {
    static Usage now() throws Exception {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      long heap = runtime.totalMemory() - runtime.freeMemory();
      long direct =
          ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
              .mapToLong(BufferPoolMXBean::getMemoryUsed)
              .sum();
      return new Usage(Pointer.totalCount(), heap, direct, privateBytes());
    }

    /**
     * The usage once it is within these bounds of another, or the last of many: what a collection
     * finds is freed by other threads, some time later.
     */
    static Usage within(Usage bounds, Usage before) throws Exception {
      Usage now = now();
      for (int i = 1; i < MOST_TRIES && !now.isWithin(bounds, before); i++) {
        Thread.sleep(10);
        now = now();
      }
      return now;
    }

    private boolean isWithin(Usage bounds, Usage before) {
      return pointers - before.pointers <= bounds.pointers
          && heap - before.heap <= bounds.heap
          && direct - before.direct <= bounds.direct
          && own - before.own <= bounds.own;
    }

    /**
     * What the process has in memory or swapped out, but for what the virtual machine has taken for
     * itself, which it must have touched before ({@code -XX:+AlwaysPreTouch}).
     */
    private static long privateBytes() throws Exception {
      Path file = Path.of("/proc/self/status");
      if (!Files.exists(file)) {
        return 0;
      }
      long kilobytes =
          Files.readAllLines(file).stream()
              .filter(line -> line.startsWith("RssAnon:") || line.startsWith("VmSwap:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .sum();
      assertThat(kilobytes).isPositive();
      long pools =
          ManagementFactory.getMemoryPoolMXBeans().stream()
              .mapToLong(pool -> pool.getUsage().getCommitted())
              .sum();
      return 1024 * kilobytes - pools;
    }
  }

  @Test
  void doesNotGrow() throws Exception {
    requireNoGrowth("gradients");
  }

  @ParameterizedTest
  @Tag("slow")
  @ValueSource(strings = {"undefined gradients", "sam opaque", "new steppers"})
  void otherWaysDoNotGrow(String way) throws Exception {
    requireNoGrowth(way);
  }

  private static void requireNoGrowth(String way) throws Exception {
    SmallNet net = new SmallNet(ScalarType.Float, 20_000);
    Runnable step = step(way, net);
    steps(step, 200);
    // A copy of the parameters or gradients left behind at each step would be 800 MB in each
    // round. Allocators keep pages, and on a busy machine more of them, but not in every round.
    Usage bounds = new Usage(10, 2_000_000, 100_000, 400_000_000);
    Usage before = Usage.now();
    steps(step, 2000);
    Usage after = Usage.within(bounds, before);
    for (int round = 1; round < 3 && !after.isWithin(bounds, before); round++) {
      before = Usage.now();
      steps(step, 2000);
      after = Usage.within(bounds, before);
    }
    assertThat(after.pointers()).isLessThanOrEqualTo(before.pointers() + bounds.pointers());
    assertThat(after.heap()).isLessThanOrEqualTo(before.heap() + bounds.heap());
    assertThat(after.direct()).isLessThanOrEqualTo(before.direct() + bounds.direct());
    assertThat(after.own()).isLessThanOrEqualTo(before.own() + bounds.own());
  }

  private static Runnable step(String way, SmallNet net) {
    TorchStepper prodigy = TorchStepper.of(net.named(), Contrib.prodigy());
    TorchStepper sam = TorchStepper.of(net.named(), LossFunctionsTest.sam(true));
    return switch (way) {
      case "gradients" ->
          () -> {
            net.pass(3);
            prodigy.step();
          };
      case "undefined gradients" ->
          () -> {
            net.module.zero_grad(true);
            net.pass(3);
            prodigy.step();
          };
      case "sam opaque" -> () -> sam.step(() -> net.loss(3));
      default ->
          () -> {
            net.pass(3);
            TorchStepper.of(net.named(), Optimizers.sgd(1e-3)).step();
          };
    };
  }

  private static void steps(Runnable step, int steps) {
    for (int i = 0; i < steps; i++) {
      step.run();
    }
  }
}
