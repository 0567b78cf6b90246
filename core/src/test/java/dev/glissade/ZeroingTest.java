package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.glissade.optimizer.Optimizers;
import dev.glissade.testing.Asking;
import dev.glissade.testing.CoreOptimizers;
import dev.glissade.testing.ZeroingContract;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is zero behind a step, and what stays. */
class ZeroingTest extends ZeroingContract {
  ZeroingTest() {
    super(CoreOptimizers.plain());
  }

  private static Tree one(float... numbers) {
    return Tree.of("w", Tensor.wrap(numbers));
  }

  /** A sum over the gradients in the pass that sets them to zero. */
  private record Watch() implements GradientTransformation<Scalar> {
    @Override
    public Scalar initialState(Tree params) {
      return Scalar.of(0);
    }

    @Override
    public Step<Scalar> step(Tree gradients, Scalar state, Tree params, Extras extras) {
      return Step.of(gradients.times(-1e-3), gradients.dot(gradients));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e30, 1e20, 1, 1e-22, 1e-30})
  void sumsOfAnySizeAreAsGoodAsWithout(double size) {
    float[] numbers = new float[40_000];
    Arrays.fill(numbers, (float) size);
    Stepper<Scalar> plain = Stepper.of(new Watch(), one(new float[numbers.length]));
    Stepper<Scalar> zeroing =
        Stepper.of(new Watch(), one(new float[numbers.length])).zeroGradients(true);
    plain.step(one(numbers.clone()));
    zeroing.step(one(numbers.clone()));
    assertThat(zeroing.state().value())
        .isEqualTo(plain.state().value())
        .isCloseTo(40_000 * size * size, withinPercentage(1e-4));
  }

  @Test
  void costsFourBytes() {
    Stepper<?> stepper = Stepper.of(Optimizers.adamw(0.1), one(1, 2)).zeroGradients(true);
    stepper.step(one(3, 4));
    assertThat(stepper.explain())
        .containsPattern("writes \\[.*gradients.*\\]")
        .contains("32.0 bytes per parameter in all");
  }

  @Test
  void alsoWhereGradientsAreCopiedOrTheStepIsSkipped() {
    GradientFunction again = (params, i) -> one(1, 1);
    Stepper<?> opaque = Stepper.of(new Asking(1), one(1, 2)).zeroGradients(true);
    Tree gradients = one(3, 4);
    opaque.step(gradients, Extras.NONE.withGradientFunction(again));
    requireZero(gradients);
    Stepper<?> skipping =
        Stepper.of(Optimizers.sgd(0.1), one(1, 2)).nonFinite(NonFinite.SKIP).zeroGradients(true);
    Tree bad = one(Float.NaN, 4);
    skipping.step(bad);
    requireZero(bad);
    assertThat(skipping.skippedSteps()).isEqualTo(1);
    assertThat(skipping.params().get("w").toFloats()).containsExactly(1, 2);
  }

  @Test
  void asBeforeIfTheStepThrows() {
    Stepper<?> stepper =
        Stepper.of(Optimizers.sgd(0.1), one(1, 2)).nonFinite(NonFinite.ERROR).zeroGradients(true);
    Tree bad = one(Float.NaN, 4);
    assertThatThrownBy(() -> stepper.step(bad)).hasMessageContaining("gradients[\"w\"]");
    assertThat(bad.get("w").toFloats()).containsExactly(Float.NaN, 4);
  }

  @Test
  void onlyWhatIsTheCallers() {
    float[] shared = {1, 2};
    Stepper<?> stepper = Stepper.borrowing(Optimizers.sgd(0.1), one(shared)).zeroGradients(true);
    assertThatThrownBy(() -> stepper.step(Tree.of("w", Tensor.of(new float[] {1, 2}))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("gradients[\"w\"] must be on an array of its own");
    assertThatThrownBy(() -> stepper.step(one(shared)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("gradients[\"w\"] must be on an array of its own");
    assertThat(shared).containsExactly(1, 2);
  }
}
