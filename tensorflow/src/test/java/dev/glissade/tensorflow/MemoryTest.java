package dev.glissade.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.GradientTransformation;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Session;
import org.tensorflow.types.TFloat32;

/** Two thousand steps leave nothing behind, neither in the heap nor outside of it. */
class MemoryTest {
  private static final int MOST_TRIES = 100;

  /** What there is after some steps. */
  private record Usage(long pointers, long heap, long direct, long own) {
    static Usage now() throws Exception {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      long direct =
          ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
              .mapToLong(BufferPoolMXBean::getMemoryUsed)
              .sum();
      return new Usage(
          Pointer.totalCount(),
          runtime.totalMemory() - runtime.freeMemory(),
          direct,
          privateBytes());
    }

    /** The usage once it is within bounds of another, or the last of many. */
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

    /** What the process has in memory or swapped out, without Java's heap and code. */
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

  private static GradientTransformation<?> optimizer(String name) {
    return switch (name) {
      case "sam opaque" ->
          Contrib.sam(
                  Optimizers.adam(1e-3),
                  Transforms.chain(Contrib.normalize(), Optimizers.sgd(0.05)))
              .opaqueMode(true);
      case "dpsgd" -> Contrib.dpsgd(1e-3, 1, 0.1, 7);
      default -> Contrib.prodigy();
    };
  }

  @ParameterizedTest
  @CsvSource({
    "prodigy, false, 2000",
    "prodigy, true, 2000",
    "sam opaque, false, 500",
    "dpsgd, false, 500"
  })
  void doesNotGrow(String name, boolean resource, int steps) throws Exception {
    // 5,000 hidden units: a copy of the numbers left behind at each of 2,000 steps is 200 MB.
    try (SmallGraph graph = new SmallGraph(TFloat32.class, resource, 5_000);
        var stepper = GraphStepper.of(graph.session, graph.loss, optimizer(name))) {
      List<Consumer<Session.Runner>> batches = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        batches.add(graph.example(i, 0));
      }
      steps(stepper, name, batches, 200);
      Usage bounds = new Usage(100, 2_000_000, 100_000, 50_000L * steps);
      Usage before = Usage.now();
      steps(stepper, name, batches, steps);
      Usage after = Usage.within(bounds, before);
      for (int round = 1; round < 3 && after.own() > before.own() + bounds.own(); round++) {
        before = Usage.now();
        steps(stepper, name, batches, steps);
        after = Usage.within(bounds, before);
      }
      assertThat(after.pointers()).isLessThanOrEqualTo(before.pointers() + bounds.pointers());
      assertThat(after.heap()).isLessThanOrEqualTo(before.heap() + bounds.heap());
      assertThat(after.direct()).isLessThanOrEqualTo(before.direct() + bounds.direct());
      assertThat(after.own()).isLessThanOrEqualTo(before.own() + bounds.own());
    }
  }

  private static void steps(
      GraphStepper stepper, String name, List<Consumer<Session.Runner>> batches, int steps) {
    for (int step = 0; step < steps; step++) {
      if (name.equals("dpsgd")) {
        stepper.step(batches.subList(0, 3));
      } else {
        stepper.step(batches.get(step % 7));
      }
    }
  }
}
