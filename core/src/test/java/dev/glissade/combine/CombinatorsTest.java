package dev.glissade.combine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.catalog.Catalog;
import dev.glissade.catalog.Entry;
import dev.glissade.combine.ApplyIfFinite.ApplyIfFiniteState;
import dev.glissade.combine.InjectHyperparams.InjectHyperparamsState;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.schedule.Schedules;
import dev.glissade.transform.Transforms;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CombinatorsTest {

  private static Tree tree(double... numbers) {
    return Tree.of("w", Tensor.of(numbers));
  }

  private static double first(Stepper<?> stepper) {
    return stepper.params().get("w").get(0);
  }

  // A user's own optimizer: one record, one method

  record Velocity(Tree v) {}

  record HeavyBall(double rate, double beta) implements GradientTransformation<Velocity> {
    @Override
    public Velocity initialState(Tree params) {
      return new Velocity(params.zeros());
    }

    @Override
    public Step<Velocity> step(Tree g, Velocity state, Tree params, Extras extras) {
      Tree v = state.v().times(beta).plus(g);
      return Step.of(v.times(-rate), new Velocity(v));
    }
  }

  @Test
  void aUsersOptimizerIsChainedSteppedListedAndReadFromData() {
    Catalog catalog = Catalog.standard().with(Entry.of("heavy_ball", new HeavyBall(0.1, 0.9)));
    assertThat(catalog.entry("heavy_ball").arguments()).containsExactly("rate", "beta");
    assertThat(catalog.optimizers()).extracting(Entry::name).contains("heavy_ball", "adam");
    Object plain = Map.of("name", "heavy_ball", "args", Map.of("rate", 0.05));
    GradientTransformation<?> read = catalog.optimizer(plain);
    assertThat(read).isEqualTo(new HeavyBall(0.05, 0.9));
    GradientTransformation<?> chained = Transforms.chain(Transforms.clip(1), read);
    Stepper<?> own = Stepper.of(chained, tree(5));
    Stepper<?> ours =
        Stepper.of(
            Transforms.chain(Transforms.clip(1), Optimizers.sgd(0.05).momentum(0.9)), tree(5));
    for (int i = 0; i < 10; i++) {
      own.step(tree(first(own)));
      ours.step(tree(first(ours)));
    }
    assertThat(first(own)).isCloseTo(first(ours), offset(1e-14));
    assertThat(own.explain()).contains("pass 1").doesNotContain("pass 2");
  }

  @Test
  void gatheredGradientsAreOneStepOfTheirMean() {
    Stepper<?> gathered = Stepper.of(Transforms.multiSteps(Optimizers.adam(0.1), 3), tree(1));
    Stepper<?> whole = Stepper.of(Optimizers.adam(0.1), tree(1));
    for (int i = 0; i < 4; i++) {
      for (double g : new double[] {1, 2, 6}) {
        gathered.step(tree(g + i));
      }
      whole.step(tree(3 + i));
      assertThat(first(gathered)).isCloseTo(first(whole), offset(1e-14));
    }
  }

  @Test
  void stepsThatAreNotFiniteAreSkippedAndCountedUpToTheLimit() {
    Stepper<ApplyIfFiniteState> stepper =
        Stepper.of(Transforms.applyIfFinite(Optimizers.sgd(0.1), 2), tree(1));
    stepper.step(tree(1));
    stepper.step(tree(Double.NaN));
    stepper.step(tree(Double.POSITIVE_INFINITY));
    assertThat(first(stepper)).isEqualTo(0.9);
    assertThat(stepper.state().notfiniteCount().value()).isEqualTo(2);
    assertThat(stepper.state().lastFinite().value()).isZero();
    stepper.step(tree(1));
    assertThat(first(stepper)).isCloseTo(0.8, offset(1e-15));
    assertThat(stepper.state().notfiniteCount().value()).isZero();
    assertThat(stepper.state().totalNotfinite().value()).isEqualTo(2);
    for (int i = 0; i < 3; i++) {
      stepper.step(tree(Double.NaN));
    }
    assertThat(first(stepper)).isNaN();
  }

  @Test
  void hyperparametersFollowTheirScheduleUntilTheyAreSet() {
    Stepper<InjectHyperparamsState> stepper =
        Stepper.of(
            Transforms.injectHyperparams(Optimizers.sgd(Schedules.linearSchedule(1, 0, 4))),
            tree(0));
    stepper.step(tree(-1));
    stepper.step(tree(-1));
    assertThat(first(stepper)).isCloseTo(1.75, offset(1e-6));
    stepper.updateState(state -> state.with("learningRate", 10));
    stepper.step(tree(-1));
    stepper.step(tree(-1));
    assertThat(first(stepper)).isCloseTo(21.75, offset(1e-6));
  }

  @Test
  void aHyperparameterThatIsANumberCanBeSetToo() {
    Stepper<InjectHyperparamsState> stepper =
        Stepper.of(Transforms.injectHyperparams(Transforms.scale(-1)), tree(0));
    stepper.step(tree(1));
    stepper.updateState(state -> state.with("stepSize", -3));
    stepper.step(tree(1));
    assertThat(first(stepper)).isEqualTo(-4);
  }

  @Test
  void masksAndPartitionsTouchTheirLeavesAlone() {
    Tree start =
        Tree.of("a/kernel", Tensor.of(new double[] {1}), "a/bias", Tensor.of(new double[] {1}));
    Stepper<?> masked =
        Stepper.of(
            Transforms.chain(
                Optimizers.sgd(0.5), Transforms.masked(Transforms.scale(0), PathMask.of("*bias"))),
            start);
    masked.step(start);
    assertThat(masked.params().get("a/kernel").get(0)).isEqualTo(0.5);
    assertThat(masked.params().get("a/bias").get(0)).isEqualTo(1);
    Stepper<?> parts =
        Stepper.of(
            Transforms.partition(
                Map.of("slow", Optimizers.sgd(0.1), "fast", Optimizers.sgd(0.5)),
                path -> path.endsWith("bias") ? "slow" : "fast"),
            start);
    parts.step(start);
    assertThat(parts.params().get("a/kernel").get(0)).isEqualTo(0.5);
    assertThat(parts.params().get("a/bias").get(0)).isEqualTo(0.9);
  }

  @Test
  void patternsAcceptAndTakeBack() {
    assertThat(PathMask.of("*/kernel")).accepts("a/b/kernel").rejects("kernel", "a/kernels");
    assertThat(PathMask.of("*", "!*bias")).accepts("a").rejects("a/bias");
    assertThat(PathMask.of("!*bias")).accepts("a").rejects("a/bias");
    assertThat(PathMask.of()).rejects("a");
    assertThat(PathMask.of("a.b")).accepts("a.b").rejects("acb");
  }
}
