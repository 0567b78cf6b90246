package dev.glissade.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.contrib.Contrib;
import dev.glissade.dl4j.SmallNetwork.Kind;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;

/** Two thousand steps leave nothing behind, neither in the heap nor outside of it. */
class MemoryTest {
  private static final int UNITS = 5_000;
  private static final int MOST_TRIES = 100;

  /** What there is after some steps. */
  private record Usage(long heap, long direct, long own) {
    static Usage now() {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      return new Usage(
          runtime.totalMemory() - runtime.freeMemory(),
          ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
              .mapToLong(BufferPoolMXBean::getMemoryUsed)
              .sum(),
          Pointer.physicalBytes());
    }

    /** The usage once it is within the bounds, or the last of many: others free, a bit later. */
    static Usage within(Usage bounds, Usage before) throws InterruptedException {
      Usage now = now();
      for (int i = 1; i < MOST_TRIES && !now.isWithin(bounds, before); i++) {
        Thread.sleep(10);
        now = now();
      }
      return now;
    }

    private boolean isWithin(Usage bounds, Usage before) {
      return heap - before.heap <= bounds.heap
          && direct - before.direct <= bounds.direct
          && own - before.own <= bounds.own;
    }
  }

  @Test
  void doesNotGrow() throws InterruptedException {
    requireNoGrowth("prodigy");
  }

  @ParameterizedTest
  @Tag("slow")
  @ValueSource(strings = {"sam opaque", "schedule free, shown"})
  void otherWaysDoNotGrow(String way) throws InterruptedException {
    requireNoGrowth(way);
  }

  private static void requireNoGrowth(String way) throws InterruptedException {
    SmallNetwork small = new SmallNetwork(Kind.LAYERED, DataType.FLOAT, UNITS, builder -> builder);
    GlissadeUpdater updater =
        small.attach(
            switch (way) {
              case "prodigy" -> Contrib.prodigy();
              case "sam opaque" ->
                  Contrib.sam(
                          Optimizers.adam(1e-3),
                          Transforms.chain(Contrib.normalize(), Optimizers.sgd(0.05)))
                      .opaqueMode(true);
              default -> Contrib.scheduleFreeAdamw(1e-3);
            });
    DataSet data = new DataSet(small.inputs(0), small.labels(0));
    steps(small, updater, data, way, 200);
    // A copy of the parameters left behind at each step would be 200 MB.
    Usage bounds = new Usage(4_000_000, 100_000, 100_000_000);
    Usage before = Usage.now();
    steps(small, updater, data, way, 2000);
    Usage after = Usage.within(bounds, before);
    for (int round = 1; round < 3 && after.own() > before.own() + bounds.own(); round++) {
      before = Usage.now(); // allocators keep pages, but not in every round
      steps(small, updater, data, way, 2000);
      after = Usage.within(bounds, before);
    }
    assertThat(after.heap()).isLessThanOrEqualTo(before.heap() + bounds.heap());
    assertThat(after.direct()).isLessThanOrEqualTo(before.direct() + bounds.direct());
    assertThat(after.own()).isLessThanOrEqualTo(before.own() + bounds.own());
  }

  private static void steps(
      SmallNetwork small, GlissadeUpdater updater, DataSet data, String way, int steps) {
    for (int step = 0; step < steps; step++) {
      small.fit(data);
      if (way.endsWith("shown") && step % 10 == 0) {
        updater.showEvalParams();
      }
    }
  }
}
