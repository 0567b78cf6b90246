package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.combine.PathLabels;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.projection.Projections;
import dev.glissade.testing.Numbers;
import dev.glissade.transform.Transforms;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Taking the loss from the state changes nothing but the number of evaluations. */
class StepAgainTest {
  private static Tree params() {
    return Tree.of("a", Tensor.of(new double[] {1, -2}), "b", Tensor.of(new double[] {0.5}));
  }

  private static ValueAndGradients loss(Tree at, int i) {
    double[] a = at.get("a").toDoubles();
    double b = at.get("b").get(0);
    double value = Math.pow(a[0], 4) + 3 * a[1] * a[1] + b * b + 0.5 * a[0] * b;
    Tensor ga = Tensor.of(new double[] {4 * Math.pow(a[0], 3) + 0.5 * b, 6 * a[1]});
    Tensor gb = Tensor.of(new double[] {2 * b + 0.5 * a[0]});
    return new ValueAndGradients(value, Tree.of("a", ga, "b", gb));
  }

  static Stream<GradientTransformation<?>> optimizers() {
    GradientTransformation<?> lbfgs = Optimizers.lbfgs();
    GradientTransformation<?> halving =
        Transforms.chain(
            Optimizers.sgd(1), Transforms.scaleByBacktrackingLinesearch(20).storeGrad(true));
    PathLabels labels = new PathLabels(Map.of("a", "one", "b", "two"));
    return Stream.of(
        lbfgs,
        halving,
        Transforms.chain(lbfgs, Transforms.scale(0.5)),
        Transforms.chain(lbfgs, Transforms.freeze(path -> path.equals("b"))),
        Transforms.chain(lbfgs, Transforms.keepParamsIn(Projections.box(-0.5, 1))),
        Transforms.lookahead(lbfgs, 3, 0.5),
        Transforms.chain(
            Transforms.masked(lbfgs, path -> path.equals("a")),
            Transforms.masked(Optimizers.sgd(0.01), path -> path.equals("b"))),
        Transforms.partition(Map.of("one", halving, "two", Optimizers.sgd(0.01)), labels),
        Transforms.flatten(lbfgs),
        Transforms.applyIfFinite(lbfgs, 3),
        Transforms.masterWeights(lbfgs));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void takesTheSameSteps(GradientTransformation<?> optimizer) {
    Stepper<?> one = Stepper.of(optimizer, params());
    Stepper<?> other = Stepper.of(optimizer, params());
    for (int step = 0; step < 12; step++) {
      double value = one.step(StepAgainTest::loss);
      assertThat(other.stepAgain(StepAgainTest::loss)).isEqualTo(value);
      assertThat(Numbers.of(other.params())).isEqualTo(Numbers.of(one.params()));
      assertThat(Numbers.of(other.state())).isEqualTo(Numbers.of(one.state()));
    }
  }

  @Test
  void noticesParametersThatSomebodyChanged() {
    Tree borrowed =
        Tree.of("a", Tensor.wrap(new double[] {1, -2}), "b", Tensor.wrap(new double[1]));
    Stepper<?> stepper = Stepper.borrowing(Optimizers.lbfgs(), borrowed);
    stepper.stepAgain(StepAgainTest::loss);
    ((double[]) borrowed.get("a").array())[0] = 7;
    assertThat(stepper.stepAgain(StepAgainTest::loss)).isGreaterThan(2000);
  }

  @Test
  void aFunctionMustNotStep() {
    Stepper<?> stepper = Stepper.of(Optimizers.lbfgs(), params());
    LossFunction reentrant =
        (at, i) -> {
          stepper.step(at.copy());
          return loss(at, i);
        };
    assertThatThrownBy(() -> stepper.step(reentrant)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> stepper.step((at, i) -> null))
        .hasMessageContaining("a loss function must return a loss and its gradients");
    assertThat(stepper.steps()).isZero();
  }

  @Test
  void masterWeightsOf16BitsRefuseSearches() {
    Tree bits = Tree.of("a", Tensor.of(DType.BFLOAT16, new double[] {1, -2}, 2));
    Stepper<?> stepper = Stepper.of(Transforms.masterWeights(Optimizers.lbfgs()), bits);
    LossFunction square =
        (at, i) -> {
          Tree wide = at.as(DType.FLOAT32);
          return new ValueAndGradients(wide.dot(wide).evaluate().value(), wide.times(2).evaluate());
        };
    assertThatThrownBy(() -> stepper.step(square))
        .hasMessageContaining("masterWeights must not search along a line");
  }
}
