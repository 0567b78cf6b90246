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
    try (Lines opaque = new Lines(DataType.FLOAT64);
        Lines transparent = new Lines(DataType.FLOAT64);
        var byOne =
            new GlissadeTrainer(opaque.model, Lines.config(), sam(period).opaqueMode(true));
        var byTwo = new GlissadeTrainer(transparent.model, Lines.config(), sam(period))) {
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
    try (Lines lines = new Lines(DataType.FLOAT32);
        var trainer = new GlissadeTrainer(lines.model, Lines.config(), sam(2).opaqueMode(true))) {
      lines.pass(trainer, 0);
      trainer.step();
      lines.pass(trainer, 1);
      Map<String, double[]> before = lines.params();
      Map<String, double[]> gradients = lines.gradients();
      var failing =
          Extras.NONE.withGradientFunction((params, i) -> {
            throw new IllegalStateException("no gradients today");
          });
      assertThatThrownBy(() -> trainer.step(failing)).hasMessage("no gradients today");
      lines.params().forEach((path, have) -> assertThat(have).as(path).isEqualTo(before.get(path)));
      lines
          .gradients()
          .forEach((path, have) -> assertThat(have).as(path).isEqualTo(gradients.get(path)));
      trainer.step();
      assertThat(lines.params()).isNotEqualTo(before);
    }
  }

  @Test
  void theBatchMustStillBeThere() {
    try (Lines lines = new Lines(DataType.FLOAT32);
        var trainer = new GlissadeTrainer(lines.model, Lines.config(), sam(2).opaqueMode(true))) {
      lines.pass(trainer, 0);
      lines.closeBatch();
      Map<String, double[]> before = lines.params();
      assertThatThrownBy(trainer::step)
          .hasMessage(
              "the batch must be closed after step: the optimizer needs its examples again");
      lines.params().forEach((path, have) -> assertThat(have).as(path).isEqualTo(before.get(path)));
    }
  }

  @Test
  void opaqueModeNeedsThePasses() {
    try (Lines lines = new Lines(DataType.FLOAT32);
        var trainer = new GlissadeTrainer(lines.model, Lines.config(), sam(2).opaqueMode(true))) {
      Map<String, double[]> before = lines.params();
      try (GradientCollector collector = trainer.newGradientCollector()) {
        NDArray ones = lines.model.getNDManager().ones(new Shape(1, 3));
        collector.backward(trainer.forward(new NDList(ones)).singletonOrThrow().sum());
      }
      assertThatThrownBy(trainer::step)
          .hasMessage(
              "the optimizer asks for gradients at other parameters: forward(data, labels), in a"
                  + " collector of the trainer's newGradientCollector, must come before step");
      trainer.accumulate(2);
      lines.pass(trainer, 0);
      trainer.step();
      lines.pass(trainer, 1);
      assertThatThrownBy(trainer::step)
          .hasMessage(
              "the optimizer asks for gradients at other parameters: there are none with"
                  + " accumulate: 2");
      lines.params().forEach((path, have) -> assertThat(have).as(path).isEqualTo(before.get(path)));
    }
  }

  @Test
  void opaqueModeNeedsTheTrainer() {
    try (Lines lines = new Lines(DataType.FLOAT32);
        Trainer trainer =
            lines.model.newTrainer(
                Lines.config()
                    .optOptimizer(GlissadeOptimizer.of(lines.block, sam(2).opaqueMode(true))))) {
      lines.pass(trainer, 0);
      assertThatThrownBy(trainer::step)
          .hasMessage(
              "the optimizer asks for gradients at other parameters: GlissadeTrainer has these,"
                  + " GlissadeOptimizer has not");
    }
  }
}
