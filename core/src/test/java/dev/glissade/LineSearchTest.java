package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.combine.Chain;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.testing.Allocation;
import dev.glissade.testing.Numbers;
import dev.glissade.transform.Transforms;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What line searches do when things go wrong, and that they cost nothing else. */
class LineSearchTest {
  private static final Chain BACKTRACKING =
      Transforms.chain(
          Optimizers.sgd(1), Transforms.scaleByBacktrackingLinesearch(10).storeGrad(true));
  private static final Chain ZOOM =
      Transforms.chain(Optimizers.sgd(1), Transforms.scaleByZoomLinesearch(15));

  static Stream<GradientTransformation<?>> searches() {
    return Stream.of(
        BACKTRACKING,
        ZOOM,
        Optimizers.lbfgs(),
        Optimizers.lbfgs().linesearch(Transforms.scaleByBacktrackingLinesearch(10)));
  }

  private static Tree at(double... x) {
    return Tree.of("x", Tensor.of(x));
  }

  private static double[] x(Stepper<?> stepper) {
    return stepper.params().get("x").toDoubles();
  }

  /** A loss of one number, by its value and derivative. */
  private static LossFunction loss(DoubleUnaryOperator f, DoubleUnaryOperator df) {
    return (at, i) -> {
      double x = at.get("x").get(0);
      return new ValueAndGradients(f.applyAsDouble(x), at(df.applyAsDouble(x)));
    };
  }

  @ParameterizedTest
  @MethodSource("searches")
  void aLossThatThrowsChangesNothing(GradientTransformation<?> optimizer) {
    Stepper<?> stepper = Stepper.of(optimizer, at(3, -1));
    LossFunction square =
        (at, i) -> {
          double[] x = at.get("x").toDoubles();
          double value = Math.pow(x[0], 4) + Math.pow(x[1], 4);
          return new ValueAndGradients(value, at(4 * Math.pow(x[0], 3), 4 * Math.pow(x[1], 3)));
        };
    stepper.step(square);
    Object before = Numbers.of(stepper.state());
    double[] where = x(stepper);
    Tree gradients = stepper.params().times(2).evaluate();
    Extras broken =
        Extras.NONE
            .withValue(1)
            .withLossFunction((at, i) -> {
              throw new IllegalStateException("no loss today");
            });
    assertThatThrownBy(() -> stepper.step(gradients, broken)).hasMessage("no loss today");
    assertThat(Numbers.of(stepper.state())).isEqualTo(before);
    assertThat(x(stepper)).isEqualTo(where);
    stepper.step(square);
    assertThat(stepper.steps()).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("searches")
  void staysWhereTheLossIsDefined(GradientTransformation<?> optimizer) {
    LossFunction barrier = loss(x -> x - Math.log(x), x -> 1 - 1 / x);
    Stepper<?> stepper = Stepper.of(optimizer, at(30.0));
    double last = Double.POSITIVE_INFINITY;
    for (int step = 0; step < 40; step++) {
      double value = stepper.step(barrier);
      assertThat(value).isLessThanOrEqualTo(last);
      last = value;
    }
    assertThat(x(stepper)[0]).isCloseTo(1, org.assertj.core.api.Assertions.within(1e-3));
  }

  @ParameterizedTest
  @MethodSource("searches")
  void aLossThatNeverDecreasesLeavesTheParameters(GradientTransformation<?> optimizer) {
    LossFunction lies = loss(x -> x == 2 ? 0 : 1, x -> 5);
    Stepper<?> stepper = Stepper.of(optimizer, at(2.0));
    for (int step = 0; step < 3; step++) {
      stepper.step(lies);
      assertThat(x(stepper)).containsExactly(2);
      assertThat(stepper.scalar("info/decreaseError")).isPositive();
      assertThat(stepper.scalar("learningRate")).isPositive();
      assertThat(stepper.scalar("value")).isZero();
    }
    LossFunction square = loss(x -> x * x, x -> 2 * x);
    stepper.step(square);
    assertThat(Math.abs(x(stepper)[0])).isLessThan(2);
    assertThat(stepper.scalar("info/decreaseError")).isZero();
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void aLossThatIsNoNumberIsTooLarge(double bad) {
    LossFunction edge = loss(x -> x < 1 ? bad : x * x, x -> 2 * x);
    for (GradientTransformation<?> optimizer : searches().toList()) {
      Stepper<?> stepper = Stepper.of(optimizer, at(2.0));
      for (int step = 0; step < 30; step++) {
        stepper.step(edge);
        assertThat(x(stepper)[0]).isGreaterThanOrEqualTo(1);
      }
      assertThat(x(stepper)[0]).as("%s", optimizer).isLessThan(1.5);
    }
  }

  @Test
  void uphillIsNotTaken() {
    LossFunction square = loss(x -> x * x, x -> 2 * x);
    Stepper<?> zoom =
        Stepper.of(
            Transforms.chain(Transforms.scale(1), Transforms.scaleByZoomLinesearch(15)), at(2.0));
    zoom.step(square);
    assertThat(x(zoom)).containsExactly(2);
    assertThat(zoom.scalar("info/decreaseError")).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(zoom.scalar("info/numLinesearchSteps")).isZero();
    Stepper<?> halving =
        Stepper.of(
            Transforms.chain(Transforms.scale(1), Transforms.scaleByBacktrackingLinesearch(15)),
            at(2.0));
    halving.step(square);
    assertThat(x(halving)).containsExactly(2);
  }

  @Test
  void aStepOfTheSameLossTakesOneEvaluationLess() {
    int[] calls = {0};
    LossFunction square =
        (at, i) -> {
          calls[0]++;
          double x = at.get("x").get(0);
          return new ValueAndGradients(x * x / 2, at(x));
        };
    Stepper<?> stepper = Stepper.of(ZOOM, at(2.0));
    assertThat(stepper.stepAgain(square)).isEqualTo(2);
    assertThat(calls[0]).isEqualTo(2);
    assertThat(stepper.stepAgain(square)).isZero();
    Stepper<?> other = Stepper.of(BACKTRACKING, at(3.0));
    other.step(square);
    int before = calls[0];
    other.stepAgain(square);
    assertThat(calls[0]).isEqualTo(before + (int) other.scalar("info/numLinesearchSteps"));
  }

  @Test
  void directionsOfNegativeCurvatureDescend() {
    LossFunction hills = loss(x -> Math.cos(x) + 0.01 * x * x, x -> -Math.sin(x) + 0.02 * x);
    Stepper<?> stepper = Stepper.of(Optimizers.lbfgs(), at(0.1));
    double last = Double.POSITIVE_INFINITY;
    for (int step = 0; step < 30; step++) {
      double value = stepper.step(hills);
      assertThat(value).isLessThanOrEqualTo(last + 1e-5);
      last = value;
    }
    assertThat(Math.abs(-Math.sin(x(stepper)[0]) + 0.02 * x(stepper)[0])).isLessThan(1e-4);
  }

  @Test
  void missingArgumentsAreNamed() {
    Stepper<?> stepper = Stepper.of(Optimizers.lbfgs(), at(1.0));
    assertThatThrownBy(() -> stepper.step(at(1.0)))
        .hasMessageContaining("extra argument \"value_fn\" must be given")
        .hasMessageContaining("withLossFunction(...)");
    Extras noValue = Extras.NONE.withLossFunction((at, i) -> new ValueAndGradients(0, at));
    assertThatThrownBy(() -> stepper.step(at(1.0), noValue))
        .hasMessageContaining("extra argument \"value\" must be given");
  }

  @Test
  void gradientsOfAnotherFormAreRefused() {
    Stepper<?> stepper = Stepper.of(ZOOM, at(1.0));
    Extras wrong =
        Extras.NONE
            .withValue(3)
            .withLossFunction(
                (at, i) -> new ValueAndGradients(0, Tree.of("y", Tensor.of(new double[1]))));
    assertThatThrownBy(() -> stepper.step(at(1.0), wrong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("gradients of the loss function");
    assertThat(x(stepper)).containsExactly(1);
  }

  /** Only the user's function may allocate; this one has its results ready. */
  @ParameterizedTest
  @MethodSource("searches")
  void aSearchAllocatesNothing(GradientTransformation<?> optimizer) {
    Tree gradients = Tree.of("x", Tensor.of(new float[] {1, -1, 2}));
    ValueAndGradients[] falling = new ValueAndGradients[1000];
    for (int i = 0; i < falling.length; i++) {
      falling[i] = new ValueAndGradients(-i, gradients);
    }
    int[] next = {0};
    Extras extras =
        Extras.NONE.withValue(1).withLossFunction((at, i) -> falling[next[0]++ % falling.length]);
    Stepper<?> stepper = Stepper.of(optimizer, Tree.of("x", Tensor.of(new float[3])));
    long least =
        Allocation.least(
            1,
            () -> {
              for (int i = 0; i < 200; i++) {
                stepper.step(gradients, extras);
              }
            });
    assertThat(least).isZero();
  }

  /** The example of the documentation: halves until the loss decreases. */
  private record Halving() implements GradientTransformation<Scalar> {
    @Override
    public Scalar initialState(Tree params) {
      return Scalar.of(0);
    }

    @Override
    public Step<Scalar> step(Tree g, Scalar evaluations, Tree x, Extras extras) {
      LineSearch halving =
          line -> {
            double s = line.guess();
            while (!(line.valueAt(s) < line.value0()) && s > 1e-10) {
              s /= 2;
            }
            return line.value() < line.value0() ? s : 0;
          };
      Tree u = g.negate();
      LineSearch.Found found = halving.along(u, x, Scalar.of(8), false, extras);
      return Step.of(u.times(found.step()), evaluations.plus(found.evaluations()));
    }
  }

  @Test
  void aSearchOfOnesOwnIsAFewLines() {
    Stepper<Scalar> stepper = Stepper.of(new Halving(), at(2.0));
    LossFunction square = loss(x -> x * x, x -> 2 * x);
    for (int step = 0; step < 20; step++) {
      stepper.step(square);
    }
    assertThat(Math.abs(x(stepper)[0])).isLessThan(1e-6);
    assertThat(stepper.state().value()).isGreaterThan(20);
  }
}
