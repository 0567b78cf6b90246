package dev.glissade.tensorflow;

import dev.glissade.GradientTransformation;
import dev.glissade.contrib.Contrib;
import dev.glissade.host.memory.Growth;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
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
  void doesNotGrow(String name, boolean resource, int steps) throws InterruptedException {
    // 5,000 hidden units: a copy of the numbers left behind at each of 2,000 steps is 200 MB.
    try (SmallGraph graph = new SmallGraph(TFloat32.class, resource, 5_000);
        var stepper = GraphStepper.of(graph.session, graph.loss, optimizer(name))) {
      List<Consumer<Session.Runner>> batches = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        batches.add(graph.example(i, 0));
      }
      Growth.Usage bounds = new Growth.Usage(100, 2_000_000, 100_000, 50_000L * steps);
      new Growth(Pointer::totalCount, Growth::privateBytes)
          .requireNone(steps, bounds, count -> steps(stepper, name, batches, count));
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
