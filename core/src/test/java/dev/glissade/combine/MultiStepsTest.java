package dev.glissade.combine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.DType;
import dev.glissade.Schedule;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.combine.ShouldSkipUpdateFunction.SkipDecision;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the recorded cases leave open: the original takes no schedule that this library has. */
class MultiStepsTest {

  private static Tree one(double number) {
    return Tree.of("w", Tensor.of(new double[] {number}));
  }

  /** Gathers one gradient for each of the first two steps, then three for each. */
  private record Growing() implements Schedule {
    @Override
    public double at(double count) {
      return count < 2 ? 1 : 3;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theScheduleIsReadAtTheNumberOfStepsTaken(boolean mean) {
    Stepper<?> stepper =
        Stepper.of(MultiSteps.of(Optimizers.sgd(1.0), new Growing()).useGradMean(mean), one(0));
    double[] gradients = {1, 2, 4, 8, 3, 16, 32, 6};
    double third = mean ? 3 : 1;
    double[] expected = {1, 3, 3, 3, 3 + 15 / third, 0, 0, 0};
    expected[5] = expected[4];
    expected[6] = expected[4];
    expected[7] = expected[4] + 54 / third;
    for (int i = 0; i < gradients.length; i++) {
      stepper.step(one(-gradients[i]));
      assertThat(stepper.params().get("w").get(0)).as("step %d", i).isEqualTo(expected[i]);
    }
  }

  @Test
  void stepsAndGatheredGradientsAreCounted() {
    Stepper<MultiSteps.MultiStepsState> stepper =
        Stepper.of(Transforms.multiSteps(Optimizers.sgd(1.0), 3), one(0));
    for (int i = 1; i <= 7; i++) {
      stepper.step(one(1));
      assertThat(stepper.state().miniStep().value()).isEqualTo(i % 3);
      assertThat(stepper.state().gradientStep().value()).isEqualTo(i / 3);
    }
  }

  private static Tree pair(DType type, double a, double b) {
    return Tree.of("w", Tensor.of(type, new double[] {a, b}, 2));
  }

  /** A gradient that is left out changes nothing but what the state shows of the decision. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aGradientThatIsLeftOutChangesNothing(boolean notFinite) {
    ShouldSkipUpdateFunction rule = notFinite ? new SkipNotFinite() : new SkipLargeUpdates(100);
    MultiSteps optimizer = Transforms.multiSteps(Optimizers.adam(0.1), 2).shouldSkipUpdateFn(rule);
    Stepper<?> skipping = Stepper.of(optimizer, pair(DType.FLOAT32, 1, 2));
    Stepper<?> plain =
        Stepper.of(Transforms.multiSteps(Optimizers.adam(0.1), 2), pair(DType.FLOAT32, 1, 2));
    for (int i = 0; i < 5; i++) {
      Tree gradients = pair(DType.FLOAT32, i - 1.5, 1.0 / (i + 1));
      skipping.step(gradients);
      plain.step(gradients);
      assertThat(skipping.scalar("shouldSkip")).isZero();
      for (double bad : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
        skipping.step(pair(DType.FLOAT32, bad, bad));
        assertThat(skipping.scalar("shouldSkip")).isEqualTo(1);
      }
      assertThat(skipping.params().sameBits(plain.params())).isTrue();
      for (String number : List.of("miniStep", "gradientStep", "0/count")) {
        assertThat(skipping.scalar(number)).as(number).isEqualTo(plain.scalar(number));
      }
      for (String tree : List.of("accGrads", "mu", "nu")) {
        assertThat(skipping.tree(tree).sameBits(plain.tree(tree))).as(tree).isTrue();
      }
    }
    assertThat(skipping.scalar(notFinite ? "numNotFinite" : "normSquared"))
        .isEqualTo(notFinite ? 2 : Double.POSITIVE_INFINITY);
  }

  @Test
  void theStateShowsTheDecision() {
    Stepper<?> stepper =
        Stepper.of(
            Transforms.multiSteps(Optimizers.sgd(1), 1)
                .shouldSkipUpdateFn(new SkipLargeUpdates(25)),
            pair(DType.FLOAT64, 0, 0));
    assertThat(stepper.scalar("normSquared")).isZero();
    stepper.step(pair(DType.FLOAT64, 3, 3.9));
    assertThat(stepper.scalar("normSquared")).isEqualTo(9 + 3.9 * 3.9);
    stepper.step(pair(DType.FLOAT64, 3, 4));
    assertThat(stepper.scalar("normSquared")).isEqualTo(25);
    assertThat(stepper.scalar("shouldSkip")).isEqualTo(1);
    assertThat(stepper.params().get("w").toDoubles()).containsExactly(-3, -3.9);
  }

  /** A rule in code sees the gradient, the number of inner steps and the parameters. */
  @Test
  void aRuleMayBeCode() {
    ShouldSkipUpdateFunction rule =
        (g, step, x) -> SkipDecision.of(g.norm().greaterThan(x.norm().plus(step)));
    Stepper<?> stepper =
        Stepper.of(Transforms.multiSteps(Optimizers.sgd(1), 1).shouldSkipUpdateFn(rule), one(2));
    double[] gradients = {3, -2, 5.5, -5};
    double[] expected = {2, 4, 4, 9};
    for (int i = 0; i < gradients.length; i++) {
      stepper.step(one(gradients[i]));
      assertThat(stepper.params().get("w").get(0)).as("step %d", i).isEqualTo(expected[i]);
    }
  }

  /** The sum in a type of its own is rounded once a step, when it is stored. */
  @ParameterizedTest
  @EnumSource(names = {"BFLOAT16", "FLOAT16", "FLOAT32"})
  void theSumIsRoundedOnceAStep(DType kept) {
    MultiSteps optimizer =
        Transforms.multiSteps(Optimizers.sgd(1), 5).useGradMean(false).accumulatorDtype(kept);
    Stepper<?> stepper = Stepper.of(optimizer, pair(DType.FLOAT64, 0, 0));
    double[] sum = new double[2];
    for (int i = 0; i < 4; i++) {
      double[] g = {1.0 / (3 + i), Math.pow(0.1, i)};
      stepper.step(pair(DType.FLOAT64, g[0], g[1]));
      for (int k = 0; k < 2; k++) {
        sum[k] = Tensor.of(kept, new double[] {sum[k] + g[k]}, 1).get(0);
      }
      assertThat(stepper.tree("accGrads").get("w").dtype()).isEqualTo(kept);
      assertThat(stepper.tree("accGrads").get("w").toDoubles()).containsExactly(sum);
    }
    stepper.step(pair(DType.FLOAT64, 0.1, 0.2));
    assertThat(stepper.params().get("w").toDoubles())
        .containsExactly(-(sum[0] + 0.1), -(sum[1] + 0.2));
    assertThat(stepper.tree("accGrads").get("w").toDoubles()).containsOnly(0);
  }

  @Test
  void wrongArgumentsAreRefused() {
    assertThatThrownBy(
            () -> Transforms.multiSteps(Optimizers.sgd(1), 2).accumulatorDtype(DType.COMPLEX64))
        .hasMessage("accumulatorDtype must be a real type, but was complex64");
    assertThatThrownBy(() -> new SkipLargeUpdates(-1))
        .hasMessage("maxSquaredNorm must not be negative, but was -1.0");
  }
}
