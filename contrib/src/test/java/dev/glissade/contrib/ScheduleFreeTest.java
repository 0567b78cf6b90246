package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.schedule.Schedules;
import dev.glissade.transform.Transforms;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Schedule-Free as in its paper, and what becomes of its average. */
class ScheduleFreeTest {
  private static final double[] CENTER = {1, -2, 0.5};

  private static Tree tree(double... numbers) {
    return Tree.of("w", Tensor.of(numbers));
  }

  private static double[] numbers(Tree tree) {
    return tree.get("w").toDoubles();
  }

  /** The gradient of half the squared distance from the center, weighted. */
  private static double[] gradient(double[] at) {
    double[] g = new double[at.length];
    for (int i = 0; i < g.length; i++) {
      g[i] = (i + 1) * (at[i] - CENTER[i]);
    }
    return g;
  }

  /** Equations 8 to 10 of the paper, with the weights of section 3.1. */
  @Test
  void followsThePaper() {
    double b = 0.8;
    int warmUp = 4;
    Stepper<?> stepper =
        Stepper.of(Contrib.scheduleFreeSgd(0.2).warmupSteps(warmUp).b1(b), tree(3, 3, 3));
    double[] z = {3, 3, 3};
    double[] x = z.clone();
    double[] y = z.clone();
    double sum = 0;
    for (int t = 0; t < 30; t++) {
      double[] g = gradient(y);
      double rate = 0.2 * Math.min(1, t / (double) warmUp);
      sum += rate * rate;
      double c = sum == 0 ? 0 : rate * rate / sum;
      for (int i = 0; i < z.length; i++) {
        z[i] -= rate * g[i];
        x[i] = (1 - c) * x[i] + c * z[i];
        y[i] = (1 - b) * z[i] + b * x[i];
      }
      stepper.step(tree(gradient(numbers(stepper.params()))));
      assertThat(numbers(stepper.params())).containsExactly(y, within(1e-6));
      assertThat(numbers(stepper.evalParams())).containsExactly(x, within(1e-6));
    }
    assertThat(stepper.scalar("stepCount")).isEqualTo(30);
  }

  /** As the original's function of a state, but in chains, masks and partitions, too. */
  @Test
  void theAverageIsFoundByTheStateAlone() {
    Tree start = Tree.of("a", Tensor.of(new float[] {2, 1}), "b", Tensor.of(new float[] {3}));
    ScheduleFreeAdamW own = Contrib.scheduleFreeAdamw(0.1);
    for (GradientTransformation<?> optimizer :
        List.of(
            own,
            Transforms.chain(Transforms.clipByGlobalNorm(1), own),
            Transforms.chain(Transforms.masked(own, "a"::equals)),
            Transforms.injectHyperparams(own),
            Transforms.partition(
                Map.of("a", own, "b", Contrib.scheduleFreeSgd(0.1)), path -> path))) {
      Stepper<?> stepper = Stepper.of(optimizer, start);
      for (int i = 0; i < 5; i++) {
        stepper.step(stepper.params().times(i + 1.0).evaluate());
      }
      Tree average = Contrib.scheduleFreeEvalParams(stepper.state(), stepper.params());
      assertThat(average.sameBits(stepper.evalParams())).isTrue();
      assertThat(average.get("a").sameBits(stepper.params().get("a"))).isFalse();
    }
  }

  @Test
  void aStateWithoutAnAverageIsRefused() {
    Tree x = tree(1, 2);
    Object adam = Optimizers.adam(1).init(x);
    assertThatThrownBy(() -> Contrib.scheduleFreeEvalParams(adam, x))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the state must have a part of scheduleFree, but was a ChainState");
    Object other = Contrib.scheduleFreeSgd().init(Tree.of("v", Tensor.of(new double[] {1})));
    assertThatThrownBy(() -> Contrib.scheduleFreeEvalParams(other, x))
        .hasMessage(
            "the params must have the leaves [v], but had [w]: use evalParams of the optimizer");
  }

  @Test
  void withoutInterpolationTheAverageIsStepped() {
    Stepper<?> stepper = Stepper.of(Contrib.scheduleFreeSgd(0.1).b1(1), tree(1, 2, 3));
    for (int i = 0; i < 5; i++) {
      stepper.step(tree(gradient(numbers(stepper.params()))));
    }
    assertThat(numbers(stepper.evalParams())).isEqualTo(numbers(stepper.params()));
    assertThatThrownBy(() -> Contrib.scheduleFreeSgd().b1(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("b1 must be in (0, 1], but was 0.0");
    assertThatThrownBy(() -> Contrib.scheduleFreeAdamw().warmupSteps(0))
        .hasMessage("warmupSteps must be at least 1, but was 0");
  }

  /** Until the learning rate leaves 0 there is nothing to average. */
  @Test
  void aRateOfZeroMovesNothing() {
    Stepper<?> stepper =
        Stepper.of(Contrib.scheduleFree(Optimizers.sgd(count -> 0), count -> 0), tree(1, 2, 3));
    for (int i = 0; i < 3; i++) {
      stepper.step(tree(4, 5, 6));
    }
    assertThat(numbers(stepper.params())).containsExactly(1, 2, 3);
    assertThat(numbers(stepper.evalParams())).containsExactly(1, 2, 3);
  }

  @Test
  void aWarmUpLeadsToAnySchedule() {
    ScheduleFreeSgd own =
        ScheduleFreeSgd.defaults()
            .learningRate(Schedules.linearSchedule(0.1, 0.3, 20))
            .warmupSteps(5);
    Stepper<?> injected = Stepper.of(Transforms.injectHyperparams(own), tree(1, 2, 3));
    Stepper<?> plain = Stepper.of(own, tree(1, 2, 3));
    double largest = 0;
    for (int i = 0; i < 10; i++) {
      injected.step(tree(1, 1, 1));
      plain.step(tree(1, 1, 1));
      largest = Math.max(largest, Math.min(1, i / 5.0) * (0.1 + 0.01 * i));
      assertThat(plain.scalar("maxLr")).isCloseTo(largest, within(1e-7));
    }
    assertThat(numbers(injected.params())).containsExactly(numbers(plain.params()), within(1e-9));
  }

  /** In 16 bits the stepped point is rounded, so the average needs the float32 copy. */
  @Test
  void masterWeightsKeepTheAverageOf16BitParameters() {
    Tree start = Tree.of("w", Tensor.of(DType.BFLOAT16, new double[] {3, 3, 3}, 3));
    Stepper<?> stepper = Stepper.of(Transforms.masterWeights(Contrib.scheduleFreeSgd(0.2)), start);
    Stepper<?> wide = Stepper.of(Contrib.scheduleFreeSgd(0.2), tree(3, 3, 3));
    for (int i = 0; i < 60; i++) {
      stepper.step(Tree.of("w", Tensor.of(DType.BFLOAT16, gradient(numbers(stepper.params())), 3)));
      wide.step(tree(gradient(numbers(wide.params()))));
    }
    assertThat(stepper.evalParams().structure()).isEqualTo(start.structure());
    assertThat(numbers(stepper.evalParams()))
        .containsExactly(numbers(wide.evalParams()), within(0.03));
  }
}
