package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.records.ContainerType;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ScalarVectorTest {
  private static final ScalarVector A = ScalarVector.of(4, -9, 0.25);
  private static final ScalarVector B = ScalarVector.of(2, 3, -0.5);

  private static double[] numbers(ScalarVector vector) {
    return vector.evaluate().toDoubles();
  }

  @Test
  void arithmeticIsElementByElement() {
    assertThat(numbers(A.plus(B))).containsExactly(6, -6, -0.25);
    assertThat(numbers(A.minus(B))).containsExactly(2, -12, 0.75);
    assertThat(numbers(A.times(B))).containsExactly(8, -27, -0.125);
    assertThat(numbers(A.dividedBy(B))).containsExactly(2, -3, -0.5);
    assertThat(numbers(A.max(B))).containsExactly(4, 3, 0.25);
    assertThat(numbers(A.min(B))).containsExactly(2, -9, -0.5);
    assertThat(numbers(A.negate())).containsExactly(-4, 9, -0.25);
    assertThat(numbers(A.abs())).containsExactly(4, 9, 0.25);
    assertThat(numbers(A.square())).containsExactly(16, 81, 0.0625);
    assertThat(numbers(A.abs().sqrt())).containsExactly(2, 3, 0.5);
    assertThat(A.sum().evaluate().value()).isEqualTo(-4.75);
    assertThat(ScalarVector.of().sum().value()).isZero();
  }

  @Test
  void aNumberIsUsedForEachElement() {
    assertThat(numbers(A.plus(1))).containsExactly(5, -8, 1.25);
    assertThat(numbers(A.minus(1))).containsExactly(3, -10, -0.75);
    assertThat(numbers(A.times(2))).containsExactly(8, -18, 0.5);
    assertThat(numbers(A.dividedBy(2))).containsExactly(2, -4.5, 0.125);
    assertThat(numbers(A.max(0))).containsExactly(4, 0, 0.25);
    assertThat(numbers(A.min(0))).containsExactly(0, -9, 0);
    assertThat(numbers(ScalarVector.fill(2, Scalar.of(7)))).containsExactly(7, 7);
  }

  @Test
  void choosesElementByElement() {
    ScalarVector finite = ScalarVector.of(1, Double.NaN, Double.POSITIVE_INFINITY).isFinite();
    assertThat(numbers(finite)).containsExactly(1, 0, 0);
    assertThat(numbers(finite.choose(A, B))).containsExactly(4, 3, -0.5);
  }

  @Test
  void differentSizesAreRefused() {
    assertThatThrownBy(() -> A.plus(ScalarVector.of(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the other vector must have 3 elements, as this one, but had 1");
    assertThatThrownBy(() -> A.choose(A, ScalarVector.of(1, 2)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void evaluationInsideOfAStepIsRefused() {
    GradientTransformation<ScalarVector> eager =
        GradientTransformation.of(x -> A, (g, state, x) -> Step.of(g, state.plus(1).evaluate()));
    Tree x = Tree.ofFloats(Map.of("w", new float[1]));
    assertThatThrownBy(() -> Stepper.of(eager, x).step(x))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a vector of scalars must not be evaluated inside a step");
  }

  record Learned(ScalarVector scales, List<ScalarVector> more) {}

  @Test
  void aStateKeepsItInPlaceAndByName() {
    GradientTransformation<Learned> counting =
        GradientTransformation.of(
            x -> new Learned(A, List.of(B)),
            (g, state, x) ->
                Step.of(
                    g.times(state.scales().sum()),
                    new Learned(state.scales().plus(1), List.of(state.more().get(0).times(2)))));
    Tree x = Tree.ofFloats(Map.of("w", new float[] {1}));
    Stepper<Learned> stepper = Stepper.of(counting, x);
    stepper.step(x);
    stepper.step(x);
    assertThat(stepper.state().scales().toDoubles()).containsExactly(6, -7, 2.25);
    assertThat(stepper.state().more().get(0).toDoubles()).containsExactly(8, 12, -2);
    assertThat(stepper.scalar("scales/1")).isEqualTo(-7);
    stepper.set("scales/1", 0.5);
    assertThat(stepper.state().scales().toDoubles()).containsExactly(6, 0.5, 2.25);
    Step<Learned> step = counting.update(x, counting.init(x), x);
    assertThat(step.state().scales().toDoubles()).containsExactly(5, -8, 1.25);
  }

  @Test
  void aWholeVectorIsReplacedByAListOfScalarsOnly() {
    Learned state = new Learned(A, List.of(B));
    Learned changed = States.set(state, "scales", List.of(Scalar.of(1), Scalar.of(2)));
    assertThat(changed.scales().toDoubles()).containsExactly(1, 2);
    assertThatThrownBy(() -> States.set(state, "scales", List.of("a", 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an element of a vector of scalars must be a Scalar, but was a String");
    ContainerType type = Objects.requireNonNull(ContainerType.of(A));
    assertThatThrownBy(() -> type.make(new Object[] {Scalar.of(1), 2.0}))
        .hasMessage("an element of a vector of scalars must be a Scalar, but was a Double");
  }
}
