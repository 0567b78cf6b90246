package dev.glissade.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tree;
import dev.glissade.contrib.AllOptimizers;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.testing.OfAll;
import dev.glissade.transform.Transforms;
import dev.glissade.transform.WeightLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;

/** With the same gradients, the same trajectory as the core's. */
@Tag("vectors")
class TrajectoryTest extends OfAll {
  TrajectoryTest() {
    super(AllOptimizers.plain());
  }

  /** Bounds must hold of the parameters at the start, which our network does not know of. */
  Stream<String> ofMeanGradients() {
    return all().stream().filter(name -> !plain(name).perExample() && !name.matches(".*lbfgsb.*"));
  }

  /** One in twelve, since each compiles its step. */
  Stream<String> some() {
    List<String> names = ofMeanGradients().toList();
    return IntStream.range(0, names.size()).filter(i -> i % 12 == 1).mapToObj(names::get);
  }

  @ParameterizedTest
  @MethodSource("some")
  void isThatOfTheCore(String name) {
    ofTheCore(name);
  }

  @ParameterizedTest
  @Tag("slow")
  @MethodSource("ofMeanGradients")
  void isThatOfTheCoreForAll(String name) {
    ofTheCore(name);
  }

  private void ofTheCore(String name) {
    compare(SmallNetwork.Kind.LAYERED, optimizer(name), DataType.FLOAT, DType.FLOAT32, 4);
  }

  @ParameterizedTest
  @EnumSource
  void isSoForBothKindsAndInDoubles(SmallNetwork.Kind kind) {
    for (GradientTransformation<?> optimizer :
        List.of(
            Contrib.prodigy(),
            Optimizers.adamw(0.01),
            Contrib.scheduleFreeAdamw(0.01),
            Contrib.sam(
                Optimizers.adam(0.01),
                Transforms.chain(Contrib.normalize(), Optimizers.sgd(0.05))))) {
      compare(kind, optimizer, DataType.FLOAT, DType.FLOAT32, 25);
      compare(kind, optimizer, DataType.DOUBLE, DType.FLOAT64, 25);
    }
  }

  private static GradientTransformation<?> ofLayout(WeightLayout layout) {
    return Transforms.chain(
        Transforms.adaptiveGradClip(0.05).layout(layout),
        Transforms.centralize().layout(layout),
        Optimizers.sgd(0.1));
  }

  @ParameterizedTest
  @EnumSource
  void takesWeightsAsDl4jKeepsThem(SmallNetwork.Kind kind) {
    compare(kind, ofLayout(WeightLayout.IN_OUT), DataType.FLOAT, DType.FLOAT32, 10);
  }

  private static void compare(
      SmallNetwork.Kind kind,
      GradientTransformation<?> optimizer,
      DataType type,
      DType dtype,
      int steps) {
    SmallNetwork network = new SmallNetwork(kind, type, 4, builder -> builder);
    GlissadeUpdater updater = network.attach(optimizer);
    Stepper<?> core = Stepper.of(WeightLayout.OUT_IN.appliedTo(optimizer), network.tree(dtype));
    List<Tree> seen = new ArrayList<>();
    network.model.setListeners(
        new BaseTrainingListener() {
          @Override
          public void onGradientCalculation(Model model) {
            seen.add(network.meanGradients(dtype));
          }
        });
    for (int step = 0; step < steps; step++) {
      network.fit(step);
      core.step(seen.get(step));
      Tree have = network.tree(dtype);
      core.params()
          .forEach((path, want) ->
              assertThat(have.get(path).toDoubles())
                  .as("%s after step %d", path, seen.size())
                  .containsExactly(want.toDoubles(), within(1e-6)));
      assertThat(network.flatGradients()).containsOnly(0);
    }
    assertThat(updater.steps()).isEqualTo(steps);
    assertThat(seen.get(0).sameBits(seen.get(1))).isFalse();
  }
}
