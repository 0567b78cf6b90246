package dev.glissade.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Step;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.combine.MultiSteps;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.schedule.ConstantSchedule;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint that is not what is asked for is refused by name, and nothing is changed. */
class RefusalsTest {
  @TempDir Path folder;
  private Path file = Path.of("");
  private Checkpoint adam = Checkpoint.of(Tree.empty());

  private static Tree params() {
    return Tree.of("a", Tensor.of(new float[] {1, 2}), "b", Tensor.of(new float[] {3}, 1, 1));
  }

  @BeforeEach
  void save() throws Exception {
    file = folder.resolve("x.safetensors");
    adam =
        loaded(Checkpoint.of(params(), Optimizers.adam(0.1), Optimizers.adam(0.1).init(params())));
  }

  private Checkpoint loaded(Checkpoint checkpoint) throws Exception {
    checkpoint.save(file);
    return Checkpoint.load(file);
  }

  private void refused(
      Checkpoint checkpoint, GradientTransformation<?> optimizer, String sentence) {
    assertThatThrownBy(() -> checkpoint.stepper(optimizer))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(file + ": " + sentence);
  }

  @Test
  void otherOptimizersAndHyperparametersAreNamed() throws Exception {
    refused(
        adam,
        Optimizers.adam(0.2).b1(0.5),
        "the optimizer differs: learning_rate is 0.1 in the file but 0.2 here; b1 is 0.9 in the"
            + " file but 0.5 here");
    refused(
        adam,
        Optimizers.lion(0.1),
        "the optimizer differs: it is \"adam\" in the file but \"lion\" here");
    assertThat(adam.stateForOther(Optimizers.adam(0.2))).isNotNull();
    assertThatThrownBy(() -> adam.stateForOther(Optimizers.lion(0.1)))
        .hasMessage(file + ": state/states must have at least 3 elements, but had 2");
    assertThatThrownBy(() -> adam.stateForOther(Contrib.prodigy()))
        .hasMessage(
            file
                + ": state must be dev.glissade.contrib.Prodigy$ProdigyState, but was"
                + " dev.glissade.combine.Chain$ChainState");
    Checkpoint nested =
        loaded(
            Checkpoint.of(
                params(),
                Contrib.mechanize(Optimizers.sgd(0.1)),
                Contrib.mechanize(Optimizers.sgd(0.1)).init(params())));
    refused(
        nested,
        Contrib.mechanize(Optimizers.sgd(0.2)),
        "the optimizer differs: base_optimizer.learning_rate is 0.1 in the file but 0.2 here");
    refused(
        nested,
        Contrib.mechanize(Optimizers.adam(0.1)),
        "the optimizer differs: base_optimizer is \"sgd\" in the file but \"adam\" here");
    refused(
        loaded(Checkpoint.of(params())),
        Optimizers.adam(0.1),
        "the checkpoint must have a state, but had only [params]");
  }

  record Own(Tree mu, Map<String, Scalar> scalars, int period) {}

  private static GradientTransformation<Own> own(Tree mu, Map<String, Scalar> scalars, int period) {
    return GradientTransformation.of(x -> new Own(mu, scalars, period), (g, s, x) -> Step.of(g, s));
  }

  @Test
  void partsOfTheStateThatDoNotFitAreNamed() throws Exception {
    Map<String, Scalar> one = Map.of("k", Scalar.of(1));
    GradientTransformation<Own> saved = own(params(), one, 3);
    Checkpoint own = loaded(Checkpoint.of(params(), saved, saved.init(params())));
    assertThat(own.state(own(params(), one, 7)).period()).isEqualTo(3);
    Tensor a = Tensor.of(new float[] {1, 2});
    refused(own, own(Tree.of("a", a), one, 3), "state/mu[\"b\"] must not be in the file, but was");
    refused(
        own,
        own(params().merge(Tree.of("c", a)), one, 3),
        "state/mu[\"c\"] must be in the file, but was not");
    refused(
        own,
        own(Tree.of("a", a, "b", Tensor.of(new float[] {3})), one, 3),
        "state/mu[\"b\"] must have shape [1], but had [1, 1]");
    refused(
        own,
        own(Tree.of("a", Tensor.of(new double[2]), "b", Tensor.of(new float[1], 1, 1)), one, 3),
        "state/mu[\"a\"] must be float64, but was float32");
    refused(own, own(params(), Map.of(), 3), "state/scalars/k must not be in the file, but was");
    refused(
        own,
        own(params(), new TreeMap<>(Map.of("k", Scalar.of(1), "l", Scalar.of(1))), 3),
        "state/scalars/l must be in the file, but was not");
    assertThatThrownBy(() -> own.get("run", 1))
        .hasMessage(file + ": the checkpoint must have \"run\", but had only [params, state]");
    assertThatThrownBy(() -> own.get("state", 1))
        .hasMessage(file + ": state must be an int, but was " + Own.class.getName());
  }

  @Test
  void parametersOfOthersStayAsTheyWere() throws Exception {
    float[] array = {7, 8};
    Tree other = Tree.of("a", Tensor.wrap(array), "b", Tensor.wrap(new float[] {9}));
    assertThatThrownBy(() -> adam.stepper(Optimizers.adam(0.1), other))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(file + ": params[\"b\"] must have shape [1], but had [1, 1]");
    Tree same = Tree.of("a", Tensor.wrap(array), "b", Tensor.wrap(new float[] {9}, 1, 1));
    assertThatThrownBy(() -> adam.stepper(Optimizers.adam(0.2), same))
        .hasMessageContaining("learning_rate");
    Tensor fixed = Tensor.wrap(FloatBuffer.wrap(new float[1]).asReadOnlyBuffer(), 1, 1);
    assertThatThrownBy(
            () -> adam.stepper(Optimizers.adam(0.1), Tree.of("a", Tensor.wrap(array), "b", fixed)))
        .hasMessage("params[\"b\"] must not be on a read-only buffer");
    assertThat(array).containsExactly(7, 8);
    Stepper<?> stepper = adam.stepper(Optimizers.adam(0.1), same);
    assertThat(array).containsExactly(1, 2);
    stepper.step(params());
    assertThat(array[0]).isLessThan(1);
    assertThat(adam.params().get("a").toFloats()).containsExactly(1, 2);
  }

  @Test
  void aNewerVersionIsRefusedAndAnOlderOneMigrated() throws Exception {
    Map<String, String> notes = new TreeMap<>();
    try (Safetensors opened = Safetensors.open(file)) {
      notes.putAll(opened.metadata());
      notes.remove("glissade.sha256");
      notes.put("glissade.format", "2");
      SafetensorsWriter.write(file, opened.contents(), notes);
    }
    assertThatThrownBy(() -> Checkpoint.load(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            file + ": the checkpoint's version must be at most 1, but was 2: use a newer library");
    Path newer = Files.move(file, folder.resolve("checkpoint-2.safetensors"));
    Checkpoint.of(params()).step(1).save(folder.resolve("checkpoint-1.safetensors"));
    assertThatThrownBy(() -> Checkpoints.in(folder).newest())
        .hasMessageStartingWith(newer + ": the");

    save();
    Migrations.Step renamed =
        (metadata, contents) -> contents.put("params/c", contents.remove("params/a"));
    Migrations two = new Migrations(List.of(renamed));
    assertThat(new CheckpointReader(file, two).read().params().paths()).containsExactly("b", "c");
  }

  @Test
  void aCountInTheStateIsRestored() throws Exception {
    MultiSteps gathering = MultiSteps.of(Optimizers.adam(0.1), step -> 3);
    Stepper<MultiSteps.MultiStepsState> stepper = Stepper.of(gathering, params());
    stepper.step(params());
    Checkpoint checkpoint = loaded(Checkpoint.of(stepper));
    assertThat(checkpoint.optimizer())
        .startsWith(
            "{\"code\":\"" + MultiSteps.class.getName() + "\",\"args\":{\"opt\":{\"name\":\"adam\"")
        .contains("{\"code\":\"" + RefusalsTest.class.getName() + "\"}");
    assertThat(checkpoint.state(gathering).miniStep().value()).isEqualTo(1);
  }

  /** An optimizer of a user's own, which the catalog does not know. */
  record Unlisted(double rate, Schedule schedule, List<String> names)
      implements GradientTransformation<Unlisted.Sum> {
    record Sum(Tree sum) {}

    @Override
    public Sum initialState(Tree params) {
      return new Sum(params.zeros());
    }

    @Override
    public Step<Sum> step(Tree gradients, Sum state, Tree params, Extras extras) {
      Tree sum = state.sum().plus(gradients);
      return Step.of(sum.times(-rate), new Sum(sum));
    }
  }

  @Test
  void aUsersOwnOptimizerIsToldApartByItsHyperparameters() throws Exception {
    Unlisted own = new Unlisted(0.1, count -> count, List.of("a"));
    Checkpoint saved = loaded(Checkpoint.of(Stepper.of(own, params())));
    assertThat(saved.stepper(new Unlisted(0.1, count -> count, List.of("a"))).params().paths())
        .isEqualTo(params().paths());
    assertThatThrownBy(() -> saved.stepper(new Unlisted(0.2, count -> count, List.of("a"))))
        .isInstanceOf(CheckpointException.class)
        .hasMessageEndingWith("the optimizer differs: rate is 0.1 in the file but 0.2 here");
    assertThatThrownBy(
            () -> saved.stepper(new Unlisted(0.1, new ConstantSchedule(1), List.of("b"))))
        .hasMessageContaining("schedule is \"" + RefusalsTest.class.getName() + "\" in the file")
        .hasMessageContaining("names.0 is \"a\" in the file but \"b\" here");
    assertThatThrownBy(() -> saved.stepper(Optimizers.sgd(0.1)))
        .hasMessageEndingWith(
            "it is \"" + Unlisted.class.getName() + "\" in the file but \"sgd\" here");
  }

  @Test
  void sixteenBitParametersWithFloatGradients() throws Exception {
    Tree params = Tree.of("x", ValuesTest.tensor(DType.BFLOAT16, 2));
    Tree gradients = Tree.of("x", ValuesTest.tensor(DType.FLOAT32, 2));
    var optimizer = Contrib.sam(Optimizers.sgd(0.1), Optimizers.sgd(0.01));
    Stepper<?> stepper = Stepper.of(optimizer, params);
    stepper.step(gradients);
    Checkpoint checkpoint = loaded(Checkpoint.of(params, optimizer, cast(stepper)));
    assertThat(ResumptionTest.bits(checkpoint.state(optimizer)))
        .isEqualTo(ResumptionTest.bits(stepper.state()));
  }

  @SuppressWarnings("unchecked")
  private static <S> S cast(Stepper<?> stepper) {
    return (S) stepper.state();
  }
}
