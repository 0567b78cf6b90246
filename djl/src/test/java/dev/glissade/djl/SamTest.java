package dev.glissade.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.contrib.Contrib;
import dev.glissade.contrib.Sam;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SAM's two ways are one when both see the same batch. */
class SamTest {

  private static Sam sam(int period) {
    GradientTransformation<?> adversary =
        Transforms.chain(Contrib.normalize(), Optimizers.sgd(0.3).momentum(0.5));
    return Contrib.sam(Optimizers.adamw(0.02), adversary).syncPeriod(period);
  }

  /**
   * A step in opaque mode is a cycle of transparent ones on the same batch; the model has neither
   * other parameters nor other gradients left from it.
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void anOpaqueStepIsATransparentCycle(int period) {
    try (LinearModel opaque = new LinearModel(DataType.FLOAT64);
        LinearModel transparent = new LinearModel(DataType.FLOAT64);
        var byOne =
            new GlissadeTrainer(opaque.model, LinearModel.config(), sam(period).opaqueMode(true));
        var byTwo = new GlissadeTrainer(transparent.model, LinearModel.config(), sam(period))) {
      for (int cycle = 0; cycle < 6; cycle++) {
        opaque.pass(byOne, cycle);
        byOne.step();
        for (int i = 0; i < period; i++) {
          transparent.pass(byTwo, cycle);
          byTwo.step();
        }
        Map<String, double[]> want = transparent.params();
        opaque
            .params()
            .forEach((path, have) ->
                assertThat(have).as(path).containsExactly(want.get(path), within(1e-12)));
        opaque.gradients().values().forEach(g -> assertThat(g).containsOnly(0));
      }
    }
  }

  @Test
  void aStepThatFailsChangesNothing() {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        var trainer =
            new GlissadeTrainer(linear.model, LinearModel.config(), sam(2).opaqueMode(true))) {
      linear.pass(trainer, 0);
      trainer.step();
      linear.pass(trainer, 1);
      Map<String, double[]> before = linear.params();
      Map<String, double[]> gradients = linear.gradients();
      var failing =
          Extras.NONE.withGradientFunction((params, i) -> {
            throw new IllegalStateException("no gradients today");
          });
      assertThatThrownBy(() -> trainer.step(failing)).hasMessage("no gradients today");
      linear
          .params()
          .forEach((path, have) -> assertThat(have).as(path).isEqualTo(before.get(path)));
      linear
          .gradients()
          .forEach((path, have) -> assertThat(have).as(path).isEqualTo(gradients.get(path)));
      trainer.step();
      assertThat(linear.params()).isNotEqualTo(before);
    }
  }

  @Test
  void theBatchMustStillBeThere() {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        var trainer =
            new GlissadeTrainer(linear.model, LinearModel.config(), sam(2).opaqueMode(true))) {
      linear.pass(trainer, 0);
      linear.closeBatch();
      Map<String, double[]> before = linear.params();
      assertThatThrownBy(trainer::step)
          .hasMessage(
              "the batch must be closed after step, but was closed before: the optimizer needs its"
                  + " examples again");
      linear
          .params()
          .forEach((path, have) -> assertThat(have).as(path).isEqualTo(before.get(path)));
    }
  }

  @Test
  void opaqueModeNeedsThePasses() {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        var trainer =
            new GlissadeTrainer(linear.model, LinearModel.config(), sam(2).opaqueMode(true))) {
      Map<String, double[]> before = linear.params();
      try (GradientCollector collector = trainer.newGradientCollector()) {
        NDArray ones = linear.model.getNDManager().ones(new Shape(1, 3));
        collector.backward(trainer.forward(new NDList(ones)).singletonOrThrow().sum());
      }
      assertThatThrownBy(trainer::step)
          .hasMessage(
              "the optimizer asks for gradients at other parameters: call forward(data, labels)"
                  + " before step, within a collector of the trainer's newGradientCollector");
      trainer.accumulate(2);
      linear.pass(trainer, 0);
      trainer.step();
      linear.pass(trainer, 1);
      assertThatThrownBy(trainer::step)
          .hasMessage(
              "the optimizer asks for gradients at other parameters: accumulate must be 1 for"
                  + " an optimizer that asks for more gradients, but was 2");
      linear
          .params()
          .forEach((path, have) -> assertThat(have).as(path).isEqualTo(before.get(path)));
    }
  }

  @Test
  void opaqueModeNeedsTheTrainer() {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        Trainer trainer =
            linear.model.newTrainer(
                LinearModel.config()
                    .optOptimizer(GlissadeOptimizer.of(linear.block, sam(2).opaqueMode(true))))) {
      linear.pass(trainer, 0);
      assertThatThrownBy(trainer::step)
          .hasMessage(
              "the optimizer asks for gradients at other parameters: use GlissadeTrainer in place"
                  + " of GlissadeOptimizer");
    }
  }
}
