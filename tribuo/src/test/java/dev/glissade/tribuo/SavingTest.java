package dev.glissade.tribuo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.GradientTransformation;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.Checkpoints;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tribuo.Model;
import org.tribuo.classification.sgd.linear.LinearSGDModel;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.math.LinearParameters;

/** Checkpoints beside Tribuo's model files. */
class SavingTest {
  @TempDir Path folder;

  private static GradientTransformation<?> optimizer(String name) {
    return switch (name) {
      case "prodigy" -> Contrib.prodigy();
      case "mechanize" -> Contrib.mechanize(Optimizers.adamw(1.0));
      case "sam" -> Contrib.sam(Optimizers.adam(0.1), Optimizers.sgd(0.05));
      case "schedule_free" -> Contrib.scheduleFreeSgd(0.1);
      default -> Optimizers.noisySgd(0.05, 3);
    };
  }

  @ParameterizedTest
  @CsvSource({"prodigy,1", "mechanize,1", "sam,1", "noisy_sgd,1", "schedule_free,1", "prodigy,3"})
  void goesOnWithTheSameBits(String name, int accumulate) throws Exception {
    Path file = folder.resolve("state.safetensors");
    LinearParameters model = Models.linear();
    GlissadeOptimiser optimiser = GlissadeOptimiser.of(optimizer(name)).accumulate(accumulate);
    optimiser.initialise(model);
    for (int call = 0; call < 13; call++) {
      if (call == 7) {
        optimiser.checkpoint().save(file);
      }
      optimiser.step(Models.gradients(model, call), 1);
    }
    LinearParameters other = new LinearParameters(4, 3);
    GlissadeOptimiser again =
        GlissadeOptimiser.of(optimizer(name))
            .accumulate(accumulate)
            .resumeFrom(Checkpoint.load(file));
    again.initialise(other);
    assertThat(again.checkpoint().step()).isEqualTo(7 / accumulate);
    for (int call = 7; call < 13; call++) {
      again.step(Models.gradients(other, call), 1);
    }
    assertThat(Models.numbers(other)).isDeepEqualTo(Models.numbers(model));
    again.finalise();
    optimiser.finalise();
    assertThat(Models.numbers(other)).isDeepEqualTo(Models.numbers(model));
  }

  private LinearSGDModel trained(GlissadeOptimiser optimiser, int epochs) {
    LinearSGDTrainer trainer =
        new LinearSGDTrainer(new LogMulticlass(), optimiser, epochs, -1, 4, 1);
    trainer.setShuffle(false);
    return trainer.train(Models.labels(true));
  }

  /** Examples that are not shuffled come in the same order again. */
  @ParameterizedTest
  @CsvSource({"prodigy", "schedule_free"})
  void trainersGoOnWithTheSameBits(String name) throws Exception {
    GlissadeOptimiser one = GlissadeOptimiser.of(optimizer(name)).minibatchSize(4);
    LinearSGDModel whole = trained(one, 5);
    Checkpoints checkpoints = Checkpoints.in(folder.resolve("run"));
    LinearSGDModel first = trained(one.copy().saveTo(checkpoints, 4), 2);
    assertThat(first.getWeightsCopy()).isNotEqualTo(whole.getWeightsCopy());
    try (Stream<Path> files = Files.list(folder.resolve("run"))) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(n -> n.endsWith("rs")))
          .containsExactlyInAnyOrder(
              "checkpoint-000000000004.safetensors", "checkpoint-000000000006.safetensors");
    }
    LinearSGDModel rest = trained(one.copy().resumeFrom(checkpoints.newest()), 3);
    assertThat(rest.getWeightsCopy()).isEqualTo(whole.getWeightsCopy());
  }

  @Test
  void theModelsFileHasTheParametersToEvaluate() throws Exception {
    Checkpoints checkpoints = Checkpoints.in(folder.resolve("run"));
    GlissadeOptimiser one = GlissadeOptimiser.of(optimizer("schedule_free")).minibatchSize(4);
    LinearSGDModel model = trained(one.saveTo(checkpoints, 1000), 2);
    Path file = folder.resolve("model.tribuo");
    model.serializeToFile(file);
    LinearSGDModel loaded = (LinearSGDModel) Model.deserializeFromFile(file);
    assertThat(loaded.getWeightsCopy()).isEqualTo(model.getWeightsCopy());
    double[] evaluated = Models.numbers(new LinearParameters(model.getWeightsCopy()))[0];
    assertThat(checkpoints.newest().params().get("weights").toDoubles()).isNotEqualTo(evaluated);
    assertThat(
            checkpoints
                .newest()
                .stepper(optimizer("schedule_free"))
                .evalParams()
                .get("weights")
                .toDoubles())
        .isEqualTo(evaluated);
  }

  @Test
  void anotherOptimizerOrModelIsRefusedAndChangesNothing() throws Exception {
    Path file = folder.resolve("state.safetensors");
    LinearParameters model = Models.linear();
    GlissadeOptimiser optimiser = GlissadeOptimiser.of(Contrib.prodigy()).accumulate(2);
    optimiser.initialise(model);
    optimiser.step(Models.gradients(model, 1), 1);
    optimiser.checkpoint().save(file);
    Checkpoint checkpoint = Checkpoint.load(file);
    LinearParameters other = new LinearParameters(4, 3);
    GlissadeOptimiser adam = GlissadeOptimiser.of(Optimizers.adam(0.1)).accumulate(2);
    assertThatThrownBy(() -> adam.resumeFrom(checkpoint).initialise(other))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("the optimizer differs");
    GlissadeOptimiser single = GlissadeOptimiser.of(Contrib.prodigy());
    assertThatThrownBy(() -> single.resumeFrom(checkpoint).initialise(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "accumulate must be 2, as in the checkpoint, which was saved after call 1 of 2, but was"
                + " 1");
    GlissadeOptimiser larger = optimiser.copy().resumeFrom(checkpoint);
    assertThatThrownBy(() -> larger.initialise(new LinearParameters(5, 3)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("weights");
    assertThat(Models.numbers(other)[0]).containsOnly(0);
  }

  /** A folder that can't be made: the training goes on. */
  @Test
  void savingThatFailsDoesNotEndTheTraining() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    GlissadeOptimiser one = GlissadeOptimiser.of(optimizer("prodigy")).minibatchSize(4);
    LinearSGDModel want = trained(one, 2);
    LinearSGDModel have = trained(one.saveTo(Checkpoints.in(file), 1), 2);
    assertThat(have.getWeightsCopy()).isEqualTo(want.getWeightsCopy());
  }
}
