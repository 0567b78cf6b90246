package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses, gradients and updates that are far from all others. */
class OutliersTest {
  private static Tree two(double a, double b) {
    return Tree.of("w", Tensor.of(new double[] {a, b}));
  }

  static Stream<GradientTransformation<?>> modelsOfTheLoss() {
    return Stream.of(Contrib.momo(), Contrib.momo().adaptLowerBound(true), Contrib.momoAdam());
  }

  /** As if the step had not been, even if it is the first. */
  @ParameterizedTest
  @MethodSource("modelsOfTheLoss")
  void aLossThatIsNotFiniteChangesNothing(GradientTransformation<?> optimizer) {
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      for (int when = 0; when < 3; when++) {
        Stepper<?> disturbed = Stepper.of(optimizer, two(3, -4));
        Stepper<?> plain = Stepper.of(optimizer, two(3, -4));
        for (int i = 0; i < 6; i++) {
          if (i == when) {
            disturbed.step(two(100, 100), Extras.NONE.withValue(bad));
          }
          Extras loss = Extras.NONE.withValue(5.0 / (i + 1));
          disturbed.step(two(0.3 + i, -0.2), loss);
          plain.step(two(0.3 + i, -0.2), loss);
        }
        assertThat(disturbed.params().sameBits(plain.params())).isTrue();
        assertThat(plain.params().sameBits(two(3, -4))).isFalse();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e200, 1e300})
  void aHugeGradientLeavesDogAndDowgFinite(double size) {
    for (GradientTransformation<?> optimizer :
        new GradientTransformation<?>[] {Contrib.dog(), Contrib.dowg()}) {
      Stepper<?> stepper = Stepper.of(optimizer, two(1, 2));
      stepper.step(two(size, -size));
      stepper.step(two(size, -size));
      for (double x : stepper.params().get("w").toDoubles()) {
        assertThat(Math.abs(x)).isLessThan(10);
      }
    }
  }

  @Test
  void anUpdateThatIsMaskedMayBeInfinite() {
    GradientTransformation<?> infinite =
        Transforms.chain(Transforms.scale(1e300), Transforms.scale(1e300));
    Stepper<?> stepper = Stepper.of(Contrib.cautious(infinite), two(1, 2));
    stepper.step(two(3, 4));
    assertThat(stepper.params().get("w").toDoubles()).containsExactly(1, 2);
  }

  /** The ratio of norms is more than a float holds. */
  @ParameterizedTest
  @ValueSource(strings = {"FLOAT32", "BFLOAT16"})
  void theTrustRatioOfATinyGradientIsFinite(DType dtype) {
    Tree x = Tree.of("w", Tensor.of(dtype, new double[] {3, 4}, 2));
    Tree g = Tree.of("w", Tensor.of(dtype, new double[] {1e-40, 0}, 2));
    Stepper<?> stepper =
        Stepper.of(Transforms.chain(Transforms.scaleByTrustRatio(), Optimizers.sgd(1)), x);
    stepper.step(g);
    double[] expected = {3 - 5, 4};
    double[] have = stepper.params().get("w").toDoubles();
    assertThat(have).as(Arrays.toString(have)).containsExactly(expected, within(0.01));
  }

  @Test
  void scheduleFreeRefusesWhatItCanNotAverage() {
    assertThatThrownBy(() -> Contrib.scheduleFree(Optimizers.sgd(1), 0.1).weightLrPower(-0.5))
        .hasMessage("weightLrPower must not be negative, but was -0.5");
    assertThatThrownBy(
            () -> Contrib.scheduleFree(Optimizers.sgd(1), 0.1).stateDtype(DType.COMPLEX64))
        .hasMessageStartingWith("stateDtype must be");
  }
}
