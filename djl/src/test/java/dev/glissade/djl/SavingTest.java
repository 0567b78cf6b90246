package dev.glissade.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Model;
import ai.djl.metric.Metrics;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.listener.SaveModelTrainingListener;
import dev.glissade.NonFinite;
import dev.glissade.NonFiniteException;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.checkpoint.Checkpoints;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Going on from files, and after gradients that are not finite. */
class SavingTest {
  @TempDir Path folder;

  private static void assertSame(Map<String, double[]> have, Map<String, double[]> want) {
    have.forEach((path, numbers) -> assertThat(numbers).as(path).isEqualTo(want.get(path)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"prodigy", "mechanize", "sam", "noisySgd"})
  void goesOnWithTheSameBits(String name) throws Exception {
    Path file = folder.resolve("state.safetensors");
    Map<String, double[]> want;
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        var trainer =
            new GlissadeTrainer(linear.model, LinearModel.config(), FitTest.all().get(name))) {
      for (int step = 0; step < 12; step++) {
        if (step == 7) {
          trainer.checkpoint().save(file);
        }
        linear.pass(trainer, step);
        trainer.step();
      }
      want = linear.params();
    }
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        var trainer =
            new GlissadeTrainer(linear.model, LinearModel.config(), FitTest.all().get(name))) {
      trainer.initialize(new Shape(1, 3));
      Checkpoint checkpoint = Checkpoint.load(file);
      assertThat(checkpoint.step()).isEqualTo(7);
      trainer.resume(checkpoint);
      for (int step = 7; step < 12; step++) {
        linear.pass(trainer, step);
        trainer.step();
      }
      assertSame(linear.params(), want);
      assertThat(trainer.checkpoint().step()).isEqualTo(12);
    }
  }

  @Test
  void anotherOptimizerOrModelIsRefusedAndChangesNothing() throws Exception {
    Path file = folder.resolve("state.safetensors");
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        var trainer = new GlissadeTrainer(linear.model, LinearModel.config(), Contrib.prodigy())) {
      linear.pass(trainer, 0);
      trainer.step();
      trainer.checkpoint().save(file);
    }
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        var trainer =
            new GlissadeTrainer(linear.model, LinearModel.config(), Optimizers.adam(0.1))) {
      trainer.initialize(new Shape(1, 3));
      Map<String, double[]> before = linear.params();
      Checkpoint checkpoint = Checkpoint.load(file);
      assertThatThrownBy(() -> trainer.resume(checkpoint))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("the optimizer differs");
      assertSame(linear.params(), before);
    }
    try (LinearModel linear = new LinearModel(DataType.FLOAT32, 7);
        var trainer = new GlissadeTrainer(linear.model, LinearModel.config(), Contrib.prodigy())) {
      trainer.initialize(new Shape(1, 3));
      Checkpoint checkpoint = Checkpoint.load(file);
      assertThatThrownBy(() -> trainer.resume(checkpoint))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("Linear");
    }
  }

  @Test
  void theListenerSavesBesideTheModel() throws Exception {
    try (Model model = Model.newInstance("digits")) {
      model.setBlock(Digits.BUILT_IN.net());
      var config =
          Digits.config()
              .addTrainingListeners(
                  new SaveModelTrainingListener(folder.toString(), "digits", 1),
                  new SaveStateTrainingListener(folder));
      try (Trainer trainer = new GlissadeTrainer(model, config, Contrib.prodigy())) {
        trainer.initialize(Digits.BUILT_IN.input());
        EasyTrain.fit(trainer, 2, Digits.BUILT_IN.train(trainer.getManager(), 256), null);
      }
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "digits-0001.params",
              "digits-0002.params",
              "checkpoint-000000000005.safetensors",
              "checkpoint-000000000010.safetensors");
    }
    try (Model model = Model.newInstance("digits")) {
      model.setBlock(Digits.BUILT_IN.net());
      model.load(folder, "digits");
      Map<String, double[]> saved = LinearModel.numbers(model.getBlock(), false);
      try (var trainer = new GlissadeTrainer(model, Digits.config(), Contrib.prodigy())) {
        trainer.initialize(Digits.BUILT_IN.input());
        trainer.resume(Checkpoints.in(folder).newest());
        assertSame(LinearModel.numbers(model.getBlock(), false), saved);
        EasyTrain.fit(trainer, 1, Digits.BUILT_IN.train(trainer.getManager(), 256), null);
        assertThat(trainer.checkpoint().step()).isEqualTo(15);
      }
    }
  }

  private static void spoil(LinearModel linear) {
    try (NDArray gradient = linear.block.getParameters().valueAt(0).getArray().getGradient()) {
      gradient.divi(0);
    }
  }

  @Test
  void gradientsThatAreNotFiniteAreSkippedOrRefused() {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        var trainer = new GlissadeTrainer(linear.model, LinearModel.config(), Contrib.prodigy())) {
      trainer.nonFinite(NonFinite.SKIP);
      linear.pass(trainer, 0);
      trainer.step();
      Map<String, double[]> before = linear.params();
      linear.pass(trainer, 1);
      spoil(linear);
      trainer.step();
      assertSame(linear.params(), before);
      var metrics = new Metrics();
      trainer.setMetrics(metrics);
      trainer.nonFinite(NonFinite.ERROR);
      linear.pass(trainer, 2);
      spoil(linear);
      assertThatThrownBy(trainer::step).isInstanceOf(NonFiniteException.class);
      assertSame(linear.params(), before);
      linear.gradients().values().forEach(gradient -> assertThat(gradient).containsOnly(0));
      linear.pass(trainer, 3);
      trainer.step();
      assertThat(linear.params()).isNotEqualTo(before);
      assertThat(metrics.latestMetric("skipped").getValue().intValue()).isEqualTo(1);
    }
  }

  /** In mid-accumulation: the gradients added up so far are part of the checkpoint. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT16", "FLOAT32", "FLOAT64"})
  void goesOnBetweenTwoCallsOfOneStep(DataType type) throws Exception {
    Path file = folder.resolve("state.safetensors");
    Map<String, double[]> want;
    try (LinearModel linear = new LinearModel(type);
        var trainer =
            new GlissadeTrainer(linear.model, LinearModel.config(), Optimizers.adam(0.01))) {
      trainer.accumulate(3);
      for (int call = 0; call < 9; call++) {
        if (call == 5) {
          trainer.checkpoint().save(file);
        }
        linear.pass(trainer, call);
        trainer.step();
      }
      want = linear.params();
    }
    Checkpoint checkpoint = Checkpoint.load(file);
    try (LinearModel linear = new LinearModel(type);
        var trainer =
            new GlissadeTrainer(linear.model, LinearModel.config(), Optimizers.adam(0.01))) {
      trainer.initialize(new Shape(1, 3));
      Map<String, double[]> before = linear.params();
      assertThatThrownBy(() -> trainer.resume(checkpoint))
          .hasMessage(
              "accumulate must be 3, as in the checkpoint, which was saved after call 2 of 3, but"
                  + " was 1");
      assertSame(linear.params(), before);
      trainer.accumulate(3).resume(checkpoint);
      for (int call = 5; call < 9; call++) {
        linear.pass(trainer, call);
        trainer.step();
      }
      assertSame(linear.params(), want);
    }
  }

  @Test
  void passesBeforeResumingAreDroppedAndSkippedStepsGoOn() throws Exception {
    Path file = folder.resolve("state.safetensors");
    Map<String, double[]> want;
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        var trainer = new GlissadeTrainer(linear.model, LinearModel.config(), Contrib.prodigy())) {
      trainer.nonFinite(NonFinite.SKIP);
      linear.pass(trainer, 0);
      trainer.step();
      linear.pass(trainer, 1);
      spoil(linear);
      trainer.step();
      trainer.checkpoint().save(file);
      linear.pass(trainer, 2);
      trainer.step();
      want = linear.params();
    }
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        var trainer = new GlissadeTrainer(linear.model, LinearModel.config(), Contrib.prodigy())) {
      trainer.nonFinite(NonFinite.SKIP);
      linear.pass(trainer, 5);
      trainer.resume(Checkpoint.load(file));
      linear.gradients().values().forEach(gradient -> assertThat(gradient).containsOnly(0));
      Metrics metrics = new Metrics();
      trainer.setMetrics(metrics);
      linear.pass(trainer, 2);
      trainer.step();
      assertSame(linear.params(), want);
      assertThat(metrics.latestMetric("skipped").getValue().intValue()).isEqualTo(1);
      assertThat(trainer.checkpoint().step()).isEqualTo(3);
    }
  }

  @Test
  void theListenerRefusesAnotherTrainerAtOnce() {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32)) {
      var config = LinearModel.config().addTrainingListeners(new SaveStateTrainingListener(folder));
      assertThatThrownBy(() -> linear.model.newTrainer(config))
          .hasMessage(
              "SaveStateTrainingListener must have a GlissadeTrainer, but had"
                  + " ai.djl.training.Trainer");
    }
  }
}
