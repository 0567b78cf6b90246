package dev.glissade.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.glissade.Extras;
import dev.glissade.Tree;
import dev.glissade.host.ModelStepper;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.WeightLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A parameter on three devices. The test's arrays are all on the CPU, where DJL knows one device
 * only; what is said to each is the same.
 */
class DevicesTest {

  @Test
  void gradientsAreAveragedAndParametersMirrored() {
    try (NDManager manager = NDManager.newBaseManager()) {
      List<NDArray> arrays =
          List.of(
              manager.create(new float[] {1, 2}),
              manager.create(new float[] {1, 2}),
              manager.create(new float[] {1, 2}));
      List<Trainable> parameters = List.of(new Trainable("w", arrays));
      ModelStepper<?> stepper = ModelStepper.of(Optimizers.sgd(1), WeightLayout.OUT_IN);
      stepper.parts(3);
      float[] want = {1, 2};
      for (int step = 0; step < 4; step++) {
        for (int device = 0; device < 3; device++) {
          NDArray array = arrays.get(device);
          array.setRequiresGradient(true);
          try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            collector.backward(array.mul(device + step).sum());
          }
        }
        try (Gradients gradients = new Gradients(parameters, manager)) {
          stepper.step(stepper.parameters(parameters), gradients, Extras.NONE);
        }
        for (int i = 0; i < want.length; i++) {
          want[i] -= (3 * step + 3) / 3f;
        }
        for (NDArray array : arrays) {
          assertThat(array.toFloatArray()).containsExactly(want, within(1e-6f));
          try (NDArray gradient = array.getGradient()) {
            assertThat(gradient.toFloatArray()).containsOnly(0);
          }
        }
      }
    }
  }

  @Test
  void aGradientThatOnlyAMirrorHasIsThereUntilTheStep() {
    try (NDManager manager = NDManager.newBaseManager()) {
      List<NDArray> arrays =
          List.of(manager.create(new float[] {1, 2}), manager.create(new float[] {1, 2}));
      arrays.forEach(array -> array.setRequiresGradient(true));
      List<Trainable> parameters = List.of(new Trainable("w", arrays));
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        collector.backward(arrays.get(1).mul(3).sum());
      }
      for (int look = 0; look < 2; look++) {
        Tree seen = Gradients.copied(parameters, manager);
        assertThat(seen.get("w").toFloats()).containsExactly(3, 3);
      }
      ModelStepper<?> stepper = ModelStepper.of(Optimizers.sgd(1), WeightLayout.OUT_IN);
      stepper.parts(2);
      try (Gradients gradients = new Gradients(parameters, manager)) {
        stepper.step(stepper.parameters(parameters), gradients, Extras.NONE);
      }
      for (NDArray array : arrays) {
        assertThat(array.toFloatArray()).containsExactly(-0.5f, 0.5f);
      }
      assertThat(Gradients.copied(parameters, manager).get("w").toFloats()).containsOnly(0);
    }
  }
}
