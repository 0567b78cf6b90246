package dev.glissade.djl;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.Trainer;
import dev.glissade.contrib.Contrib;
import dev.glissade.host.memory.Growth;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two thousand steps leave nothing behind, neither in the heap nor outside of it. */
class MemoryTest {
  @Test
  void doesNotGrow() throws InterruptedException {
    requireNoGrowth("trainer");
  }

  @ParameterizedTest
  @Tag("slow")
  @ValueSource(strings = {"configuration", "sam opaque"})
  void otherWaysDoNotGrow(String way) throws InterruptedException {
    requireNoGrowth(way);
  }

  private static void requireNoGrowth(String way) throws InterruptedException {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32, 20_000);
        Trainer trainer = trainer(way, linear)) {
      // A copy of the parameters or gradients left behind at each step would be 800 MB in each
      // round. With DJL's own optimizers the process grows by 120 MB in the first.
      Growth.Usage bounds = new Growth.Usage(0, 2_000_000, 100_000, 400_000_000);
      new Growth(() -> arrays(linear), Growth::privateBytes)
          .requireNone(2000, bounds, count -> steps(linear, trainer, count));
    }
  }

  /** Returns how many arrays DJL has. */
  private static int arrays(LinearModel linear) {
    NDManager root = linear.model.getNDManager();
    while (root.getParentManager() != null && root.getParentManager() != root) {
      root = root.getParentManager();
    }
    return root.getManagedArrays().size();
  }

  private static Trainer trainer(String way, LinearModel linear) {
    var adversary = Transforms.chain(Contrib.normalize(), Optimizers.sgd(0.05));
    return switch (way) {
      case "trainer" -> new GlissadeTrainer(linear.model, LinearModel.config(), Contrib.prodigy());
      case "configuration" ->
          linear.model.newTrainer(
              LinearModel.config()
                  .optOptimizer(GlissadeOptimizer.of(linear.block, Contrib.prodigy())));
      default ->
          new GlissadeTrainer(
              linear.model,
              LinearModel.config(),
              Contrib.sam(Optimizers.adam(1e-3), adversary).opaqueMode(true));
    };
  }

  private static void steps(LinearModel linear, Trainer trainer, int steps) {
    for (int step = 0; step < steps; step++) {
      linear.pass(trainer, step % 7);
      trainer.step();
    }
  }
}
