package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.combine.Chain;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.testing.Asking;
import dev.glissade.testing.Numbers;
import dev.glissade.transform.Transforms;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A factor on the gradients; {@code ContractTest} compares the bits for every optimizer. */
class GradientScaleTest {
  private static Tree one(float... numbers) {
    return Tree.of("w", Tensor.wrap(numbers));
  }

  private static Extras scale(double factor) {
    return Extras.NONE.withGradientScale(factor);
  }

  @Test
  void costsNoPassOverMemory() {
    for (GradientTransformation<?> optimizer :
        List.of(
            Optimizers.adamw(0.1),
            Chain.of(Transforms.clipByGlobalNorm(1), Optimizers.adamw(0.1)))) {
      Stepper<?> plain = Stepper.of(optimizer, one(1, 2));
      Stepper<?> scaled = Stepper.of(optimizer, one(1, 2));
      plain.step(one(3, 4));
      scaled.step(one(3, 4), scale(0.25));
      assertThat(total(scaled)).isEqualTo(total(plain));
      assertThat(scaled.report()).hasSameSizeAs(plain.report());
    }
  }

  private static String total(Stepper<?> stepper) {
    return stepper.explain().lines().filter(line -> line.contains("in all")).findFirst().get();
  }

  @Test
  void isANumberOfEachStep() {
    Stepper<?> stepper = Stepper.of(Optimizers.sgd(1), one(0, 0));
    stepper.step(one(8, 4), scale(0.5));
    stepper.step(one(8, 4), scale(0.25));
    assertThat(stepper.params().get("w").toFloats()).containsExactly(-6, -3);
    stepper.step(one(8, 4));
    assertThat(stepper.params().get("w").toFloats()).containsExactly(-14, -7);
  }

  @Test
  void zeroesTheGradientsThemselves() {
    Stepper<?> stepper = Stepper.of(Optimizers.sgd(1), one(0, 0)).zeroGradients(true);
    Tree gradients = one(8, 4);
    stepper.step(gradients, scale(0.5));
    assertThat(stepper.params().get("w").toFloats()).containsExactly(-4, -2);
    assertThat(gradients.get("w").toFloats()).containsExactly(0, 0);
  }

  @Test
  void leavesTheResultsOfGradientFunctions() {
    GradientFunction again = (params, i) -> one(1, 2);
    Stepper<?> scaled = Stepper.of(new Asking(1), one(1, 2));
    Stepper<?> plain = Stepper.of(new Asking(1), one(1, 2));
    scaled.step(one(8, 4), scale(0.5).withGradientFunction(again));
    plain.step(one(4, 2), Extras.NONE.withGradientFunction(again));
    assertThat(Numbers.of(scaled.params())).isEqualTo(Numbers.of(plain.params()));
  }

  @Test
  void isNotAmongTheArgumentsOfTheTransformation() {
    boolean[] seen = {false};
    GradientTransformation<Scalar> probe =
        new GradientTransformation<>() {
          @Override
          public Scalar initialState(Tree params) {
            return Scalar.of(0);
          }

          @Override
          public Step<Scalar> step(Tree g, Scalar state, Tree params, Extras extras) {
            seen[0] |= extras.has("gradient_scale") || !extras.has("value");
            return Step.of(g, state);
          }
        };
    Stepper.of(probe, one(1)).step(one(1), scale(0.5).withValue(3));
    assertThat(seen[0]).isFalse();
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void mustBeFinite(double factor) {
    assertThatThrownBy(() -> scale(factor))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("factor must be finite, but was " + factor);
  }
}
