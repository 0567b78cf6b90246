package dev.glissade.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.GradientTransformation;
import dev.glissade.NonFinite;
import dev.glissade.Tree;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.checkpoint.Checkpoints;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.types.TFloat32;

/** Going on from files, and parameters to evaluate. */
class SavingTest {
  @TempDir Path folder;

  private static void assertSame(Map<String, double[]> have, Map<String, double[]> want) {
    have.forEach((path, numbers) -> assertThat(numbers).as(path).isEqualTo(want.get(path)));
  }

  private static GradientTransformation<?> optimizer(String name) {
    GradientTransformation<?> adversary =
        Transforms.chain(Contrib.normalize(), Optimizers.sgd(0.05));
    return Map.<String, GradientTransformation<?>>of(
            "prodigy", Contrib.prodigy(),
            "mechanize", Contrib.mechanize(Optimizers.adamw(1.0)),
            "sam", Contrib.sam(Optimizers.adam(0.005), adversary),
            "noisySgd", Optimizers.noisySgd(0.05, 3),
            "scheduleFree", Contrib.scheduleFreeAdamw(0.01))
        .get(name);
  }

  @ParameterizedTest
  @CsvSource({
    "prodigy, false",
    "prodigy, true",
    "mechanize, false",
    "sam, false",
    "sam, true",
    "noisySgd, false",
    "scheduleFree, true"
  })
  void goesOnWithTheSameBits(String name, boolean resource) throws Exception {
    Path file = folder.resolve("state.safetensors");
    Map<String, double[]> want;
    try (SmallGraph graph = new SmallGraph(TFloat32.class, resource);
        var stepper = GraphStepper.of(graph.session, graph.loss, optimizer(name))) {
      for (int step = 0; step < 12; step++) {
        if (step == 7) {
          stepper.checkpoint().save(file);
        }
        stepper.step(graph.batch(step));
      }
      want = graph.params();
    }
    try (SmallGraph graph = new SmallGraph(TFloat32.class, resource);
        var stepper = GraphStepper.of(graph.session, graph.loss, optimizer(name))) {
      Checkpoint checkpoint = Checkpoint.load(file);
      assertThat(checkpoint.step()).isEqualTo(7);
      stepper.resume(checkpoint);
      assertThat(stepper.steps()).isEqualTo(7);
      for (int step = 7; step < 12; step++) {
        stepper.step(graph.batch(step));
      }
      assertSame(graph.params(), want);
      assertThat(stepper.checkpoint().step()).isEqualTo(12);
    }
  }

  /** TensorFlow's file has the variables, the checkpoint the optimizer's state. */
  @Test
  void theCheckpointStandsBesideTensorFlowsFile() throws Exception {
    String variables = folder.resolve("variables").toString();
    Map<String, double[]> want;
    Map<String, double[]> saved;
    try (SmallGraph graph = new SmallGraph();
        var stepper = GraphStepper.of(graph.session, graph.loss, Contrib.prodigy())) {
      stepper.freeze("out/bias"::equals);
      graph.set("out/bias", 0.5f);
      stepper.nonFinite(NonFinite.SKIP);
      stepper.step(graph.batch(0));
      stepper.step(graph.notFinite());
      graph.session.save(variables);
      Checkpoints.in(folder).save(stepper.checkpoint());
      saved = graph.params();
      stepper.step(graph.batch(1));
      want = graph.params();
    }
    try (SmallGraph graph = new SmallGraph();
        var stepper = GraphStepper.of(graph.session, graph.loss, Contrib.prodigy())) {
      stepper.freeze("out/bias"::equals);
      stepper.nonFinite(NonFinite.SKIP);
      graph.session.restore(variables);
      stepper.resume(Checkpoints.in(folder).newest());
      assertSame(graph.params(), saved);
      assertThat(stepper.estimates()).containsEntry("skipped", 1.0).containsKey("d");
      stepper.step(graph.batch(1));
      assertSame(graph.params(), want);
      assertThat(stepper.steps()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anotherOptimizerOrGraphIsRefusedAndChangesNothing(boolean resource) throws Exception {
    Path file = folder.resolve("state.safetensors");
    try (SmallGraph graph = new SmallGraph(TFloat32.class, resource);
        var stepper = GraphStepper.of(graph.session, graph.loss, Contrib.prodigy())) {
      assertThat(stepper.checkpoint().step()).isZero();
      stepper.step(graph.batch(0));
      stepper.checkpoint().save(file);
    }
    try (SmallGraph graph = new SmallGraph(TFloat32.class, resource);
        var stepper = GraphStepper.of(graph.session, graph.loss, Optimizers.adam(0.1))) {
      Map<String, double[]> before = graph.params();
      Checkpoint checkpoint = Checkpoint.load(file);
      assertThatThrownBy(() -> stepper.resume(checkpoint))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("the optimizer differs");
      assertSame(graph.params(), before);
    }
    try (SmallGraph graph = new SmallGraph(TFloat32.class, resource, 7);
        var stepper = GraphStepper.of(graph.session, graph.loss, Contrib.prodigy())) {
      Checkpoint checkpoint = Checkpoint.load(file);
      assertThatThrownBy(() -> stepper.resume(checkpoint))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("params[\"hidden/bias\"] must have shape [7], but had [4]");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void parametersToEvaluateComeAndGoWithoutAChange(boolean resource) {
    Map<String, double[]> want;
    try (SmallGraph graph = new SmallGraph(TFloat32.class, resource);
        var stepper = GraphStepper.of(graph.session, graph.loss, optimizer("scheduleFree"))) {
      for (int step = 0; step < 6; step++) {
        stepper.step(graph.batch(step));
      }
      want = graph.params();
    }
    try (SmallGraph graph = new SmallGraph(TFloat32.class, resource);
        var stepper = GraphStepper.of(graph.session, graph.loss, optimizer("scheduleFree"))) {
      stepper.showEvalParams(); // nothing to show yet
      for (int step = 0; step < 3; step++) {
        stepper.step(graph.batch(step));
      }
      Map<String, double[]> stepped = graph.params();
      stepper.showEvalParams();
      assertThat(graph.params().get("out/kernel")).isNotEqualTo(stepped.get("out/kernel"));
      Tree saved = stepper.checkpoint().params();
      assertThat(saved.get("out/kernel").toDoubles()).isEqualTo(stepped.get("out/kernel"));
      stepper.showStepped();
      assertSame(graph.params(), stepped);
      stepper.showEvalParams();
      for (int step = 3; step < 6; step++) {
        stepper.step(graph.batch(step));
      }
      assertSame(graph.params(), want);
    }
  }
}
