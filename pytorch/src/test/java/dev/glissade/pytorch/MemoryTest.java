package dev.glissade.pytorch;

import dev.glissade.contrib.Contrib;
import dev.glissade.host.memory.Growth;
import dev.glissade.optimizer.Optimizers;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two thousand steps leave nothing behind, neither in the heap nor outside of it. */
class MemoryTest {
  @Test
  void doesNotGrow() throws InterruptedException {
    requireNoGrowth("gradients");
  }

  @ParameterizedTest
  @Tag("slow")
  @ValueSource(strings = {"undefined gradients", "sam opaque", "new steppers"})
  void otherWaysDoNotGrow(String way) throws InterruptedException {
    requireNoGrowth(way);
  }

  private static void requireNoGrowth(String way) throws InterruptedException {
    SmallNet net = new SmallNet(ScalarType.Float, 20_000);
    Runnable step = step(way, net);
    // A copy of the parameters or gradients left behind at each step would be 800 MB in each round.
    Growth.Usage bounds = new Growth.Usage(10, 2_000_000, 100_000, 400_000_000);
    new Growth(Pointer::totalCount, Growth::privateBytes)
        .requireNone(2000, bounds, count -> steps(step, count));
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
