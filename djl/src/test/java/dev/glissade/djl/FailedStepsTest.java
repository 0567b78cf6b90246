package dev.glissade.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.NonFinite;
import dev.glissade.NonFiniteException;
import dev.glissade.Tree;
import dev.glissade.host.Accumulation;
import dev.glissade.host.ParameterTree;
import dev.glissade.optimizer.Optimizers;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training after a step that threw, and after passes that no step followed. */
class FailedStepsTest {

  private static void assertSame(Map<String, double[]> have, Map<String, double[]> want) {
    have.forEach((path, numbers) -> assertThat(numbers).as(path).isEqualTo(want.get(path)));
  }

  /** The parameters after the steps of two batches, with something between them. */
  private static Map<String, double[]> after(
      GradientTransformation<?> optimizer, BiConsumer<LinearModel, GlissadeTrainer> b) {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        var trainer = new GlissadeTrainer(linear.model, LinearModel.config(), optimizer)) {
      linear.pass(trainer, 0);
      trainer.step();
      b.accept(linear, trainer);
      linear.pass(trainer, 1);
      trainer.step();
      return linear.params();
    }
  }

  private static GradientTransformation<?> optimizer(String name) {
    return FitTest.all().get(name);
  }

  private static void spoil(LinearModel linear) {
    try (NDArray gradient = linear.block.getParameters().valueAt(0).getArray().getGradient()) {
      gradient.divi(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sam opaque", "prodigy"})
  void aStepWithoutFiniteGradientsIsAsIfItHadNotBeen(String name) {
    Map<String, double[]> have =
        after(
            optimizer(name),
            (linear, trainer) -> {
              trainer.nonFinite(NonFinite.ERROR);
              linear.pass(trainer, 2);
              spoil(linear);
              assertThatThrownBy(trainer::step).isInstanceOf(NonFiniteException.class);
            });
    assertSame(have, after(optimizer(name), (linear, trainer) -> {}));
  }

  @Test
  void anExampleThatGivesNoFiniteGradientIsAsIfItHadNotBeen() {
    Map<String, double[]> have =
        after(
            optimizer("dpsgd"),
            (linear, trainer) -> {
              trainer.nonFinite(NonFinite.ERROR);
              try (NDManager batch = linear.model.getNDManager().newSubManager()) {
                NDList data =
                    new NDList(batch.create(new float[] {1, Float.NaN, 1}, new Shape(1, 3)));
                pass(trainer, data, new NDList(batch.ones(new Shape(1, 1))));
                assertThatThrownBy(trainer::step).isInstanceOf(NonFiniteException.class);
              }
            });
    assertSame(have, after(optimizer("dpsgd"), (linear, trainer) -> {}));
  }

  private static void pass(GlissadeTrainer trainer, NDList data, NDList labels) {
    try (GradientCollector collector = trainer.newGradientCollector()) {
      collector.backward(trainer.getLoss().evaluate(labels, trainer.forward(data, labels)));
    }
  }

  private static final Extras FAILING =
      Extras.NONE.withGradientFunction((params, i) -> {
        throw new IllegalStateException("no gradients today");
      });

  @Test
  void aStepThatThrewCanBeTriedAgainOrLeft() {
    GradientTransformation<?> sam = optimizer("sam opaque");
    Map<String, double[]> left =
        after(
            sam,
            (linear, trainer) -> {
              linear.pass(trainer, 2);
              assertThatThrownBy(() -> trainer.step(FAILING)).hasMessage("no gradients today");
            });
    assertSame(left, after(sam, (linear, trainer) -> {}));
    Map<String, double[]> again =
        after(
            sam,
            (linear, trainer) -> {
              linear.pass(trainer, 2);
              assertThatThrownBy(() -> trainer.step(FAILING)).hasMessage("no gradients today");
              trainer.step();
            });
    Map<String, double[]> atOnce =
        after(
            sam,
            (linear, trainer) -> {
              linear.pass(trainer, 2);
              trainer.step();
            });
    assertSame(again, atOnce);
    assertThat(again.values()).isNotEqualTo(left.values());
  }

  @Test
  void aStepThatThrewEndsTheAccumulation() {
    Supplier<GradientTransformation<?>> momentum = () -> Optimizers.sgd(0.1).momentum(0.9);
    Map<String, double[]> want =
        after(
            momentum.get(),
            (linear, trainer) -> {
              trainer.accumulate(2);
              linear.pass(trainer, 3);
              trainer.step();
            });
    Map<String, double[]> have =
        after(
            momentum.get(),
            (linear, trainer) -> {
              trainer.nonFinite(NonFinite.ERROR).accumulate(2);
              linear.pass(trainer, 0);
              trainer.step();
              linear.pass(trainer, 2);
              spoil(linear);
              assertThatThrownBy(trainer::step).isInstanceOf(NonFiniteException.class);
              linear.pass(trainer, 3);
              trainer.step();
            });
    assertSame(have, want);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sam opaque", "dpsgd"})
  void passesThatNoBackwardPassFollowedAreNoneOfTheStep(String name) {
    Map<String, double[]> want = after(optimizer(name), (linear, trainer) -> {});
    assertSame(after(optimizer(name), FailedStepsTest::validate), want);
    Map<String, double[]> have =
        after(
            optimizer(name),
            (linear, trainer) -> {
              try (GradientCollector collector = trainer.newGradientCollector()) {
                backwardElsewhere(collector, linear);
                validate(linear, trainer);
              }
            });
    assertSame(have, want);
  }

  private static void backwardElsewhere(GradientCollector collector, LinearModel linear) {
    try (NDManager scope = linear.model.getNDManager().newSubManager()) {
      NDArray one = scope.ones(new Shape(1));
      one.setRequiresGradient(true);
      collector.backward(one.mul(2));
    }
  }

  /** A forward pass over a batch that is closed then. */
  private static void validate(LinearModel linear, GlissadeTrainer trainer) {
    try (NDManager batch = linear.model.getNDManager().newSubManager()) {
      NDList data = new NDList(batch.ones(new Shape(5, 3)));
      NDList labels = new NDList(batch.ones(new Shape(5, 1)));
      data.attach(batch);
      trainer.forward(data, labels).close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sam opaque", "dpsgd", "adamw"})
  void aBatchWhoseGradientsAreSetToZeroIsDropped(String name) {
    Map<String, double[]> want = after(optimizer(name), (linear, trainer) -> {});
    Map<String, double[]> byTrainer =
        after(
            optimizer(name),
            (linear, trainer) -> {
              linear.pass(trainer, 2);
              trainer.zeroGradients();
            });
    assertSame(byTrainer, want);
    Map<String, double[]> byCollector =
        after(
            optimizer(name),
            (linear, trainer) -> {
              linear.pass(trainer, 2);
              try (GradientCollector collector = trainer.newGradientCollector()) {
                collector.zeroGradients();
              }
            });
    assertSame(byCollector, want);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sam opaque", "dpsgd"})
  void aStepInsideOfACollectorIsRefusedAndCanBeTakenBehindIt(String name) {
    Map<String, double[]> want =
        after(
            optimizer(name),
            (linear, trainer) -> {
              linear.pass(trainer, 2);
              trainer.step();
            });
    Map<String, double[]> have =
        after(
            optimizer(name),
            (linear, trainer) -> {
              try (GradientCollector collector = trainer.newGradientCollector()) {
                linear.pass(trainer, collector, 2);
                assertThatThrownBy(trainer::step)
                    .hasMessage(
                        "the gradient collector must be closed before step, but was open: the"
                            + " optimizer runs passes again");
              }
              trainer.step();
            });
    assertSame(have, want);
  }

  @Test
  void theExamplesOfABatchMayBeTooManyForOneBuffer() {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32, 200_000);
        var trainer = new GlissadeTrainer(linear.model, LinearModel.config(), optimizer("dpsgd"));
        NDManager batch = linear.model.getNDManager().newSubManager()) {
      trainer.initialize(new Shape(1, 3));
      RecordedPasses passes = new RecordedPasses();
      try (GradientCollector collector =
          passes.recording(
              trainer.plainCollector(), new RecordedLosses(new Accumulation()), () -> {})) {
        passes.add(
            new NDList(batch.ones(new Shape(1000, 3))), new NDList(batch.ones(new Shape(1000, 1))));
        backwardElsewhere(collector, linear);
      }
      var trainables =
          Trainable.of(linear.block, (path, parameter) -> List.of(parameter.getArray()));
      Tree parameters = ParameterTree.of(trainables).tree();
      assertThatThrownBy(() -> new ExampleGradients().of(trainer, passes, trainables, parameters))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the gradients of 1000 examples for parameter \"")
          .hasMessageContaining(
              "must have at most 2147483647 bytes, but had 2400000000: use smaller batches");
    }
  }
}
