package dev.glissade.dl4j;

import dev.glissade.contrib.Contrib;
import dev.glissade.dl4j.SmallNetwork.Kind;
import dev.glissade.host.memory.Growth;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
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
    // A copy of the parameters left behind at each step would be 200 MB.
    Growth.Usage bounds = new Growth.Usage(0, 4_000_000, 100_000, 100_000_000);
    new Growth(() -> 0, Pointer::physicalBytes)
        .requireNone(2000, bounds, count -> steps(small, updater, data, way, count));
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
