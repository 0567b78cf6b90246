package dev.glissade.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What recorded cases leave open: small types, zeros, and numbers that are not finite. */
class TransformsTest {
  private static Tree tree(DType type, double... numbers) {
    return Tree.of("w", Tensor.of(type, numbers, numbers.length));
  }

  private static <S> double[] updates(GradientTransformation<S> optimizer, Tree g, Tree x) {
    return optimizer.update(g, optimizer.init(x), x).updates().get("w").toDoubles();
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT64", "FLOAT32", "BFLOAT16", "FLOAT16"})
  void aZeroGradientStaysZero(DType type) {
    Tree zero = tree(type, 0, 0);
    assertThat(updates(Transforms.normalizeByUpdateNorm(), zero, zero)).containsExactly(0, 0);
    assertThat(updates(Transforms.normalizeByUpdateNorm().eps(0), zero, zero))
        .containsExactly(0, 0);
    assertThat(updates(Transforms.clipByGlobalNorm(0), zero, zero)).containsExactly(0, 0);
  }

  @Test
  void aNormIsGivenAlsoToHugeAndTinyUpdates() {
    for (double size : new double[] {1e-30, 1, 1e37}) {
      Tree g = tree(DType.FLOAT32, 3 * size, -4 * size);
      assertThat(updates(Transforms.normalizeByUpdateNorm().eps(0).scaleFactor(10), g, g))
          .containsExactly(new double[] {6, -8}, offset(1e-5));
    }
  }

  /** What has exactly the largest norm passes, bit for bit. */
  @Test
  void aGradientOfTheLargestNormPasses() {
    Tree g = tree(DType.FLOAT64, 0.3, 0.1, -0.7);
    double norm = g.norm().evaluate().value();
    assertThat(updates(Transforms.clipByGlobalNorm(norm), g, g))
        .containsExactly(g.get("w").toDoubles());
    assertThat(updates(Transforms.clipByGlobalNorm(Math.nextDown(norm)), g, g))
        .containsExactly(g.get("w").toDoubles(), offset(1e-15));
  }

  @Test
  void aGradientThatIsNotFiniteWaitsForTheLastOfKSteps() {
    GradientTransformation<?> optimizer =
        Transforms.chain(Optimizers.sgd(1), Transforms.applyEvery(3));
    Stepper<?> stepper = Stepper.of(optimizer, tree(DType.FLOAT32, 1, 2));
    stepper.step(tree(DType.FLOAT32, Double.POSITIVE_INFINITY, 1));
    stepper.step(tree(DType.FLOAT32, Double.NaN, 1));
    assertThat(stepper.params().get("w").toDoubles()).containsExactly(1, 2);
    assertThat(stepper.scalar("states/1/count")).isEqualTo(2);
    stepper.step(tree(DType.FLOAT32, 1, 1));
    assertThat(stepper.params().get("w").toDoubles()).containsExactly(Double.NaN, -1);
    stepper.step(tree(DType.FLOAT32, 1, 1));
    assertThat(stepper.tree("gradAcc").get("w").toDoubles()).containsExactly(-1, -1);
  }

  /** 1 + 256 ones are 257 in float32, and 256 in the eight bits of bfloat16. */
  @Test
  void theSumOfSmallTypesIsFloat32() {
    Stepper<?> stepper =
        Stepper.of(
            Transforms.chain(Transforms.scale(-1), Transforms.applyEvery(258)),
            tree(DType.BFLOAT16, 0));
    for (int i = 0; i < 257; i++) {
      stepper.step(tree(DType.BFLOAT16, 1));
    }
    assertThat(stepper.tree("gradAcc").get("w").get(0)).isEqualTo(-257);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT64", "FLOAT32", "BFLOAT16", "FLOAT16"})
  void parametersStopAtZero(DType type) {
    Stepper<?> stepper =
        Stepper.of(
            Transforms.chain(Optimizers.sgd(1), Transforms.keepParamsNonnegative()),
            tree(type, 1, 0.3, 0, -2, 4));
    stepper.step(tree(type, 0.5, 7, 1e-7, -1, Double.POSITIVE_INFINITY));
    assertThat(stepper.params().get("w").toDoubles()).containsExactly(0.5, 0, 0, 0, 0);
    stepper.step(tree(type, Double.NaN, -1, 0, 0, 0));
    assertThat(stepper.params().get("w").toDoubles()).containsExactly(Double.NaN, 1, 0, 0, 0);
  }

  @Test
  void anIncrementalUpdateMovesAPart() {
    Tree fresh = tree(DType.FLOAT32, 1, 3e38);
    Tree old = tree(DType.FLOAT32, 3, -3e38);
    assertThat(Updates.incrementalUpdate(fresh, old, 0.25).get("w").toDoubles())
        .containsExactly(2.5, (float) -1.5e38);
    assertThat(Updates.incrementalUpdate(fresh, old, 1).sameBits(fresh)).isTrue();
    Tree nan = tree(DType.FLOAT32, Double.NaN, 1);
    assertThat(Updates.incrementalUpdate(nan, old, 0).sameBits(old)).isTrue();
    Tree half = tree(DType.BFLOAT16, 1, 2);
    assertThat(Updates.incrementalUpdate(fresh, half, 0.5).structure()).isEqualTo(half.structure());
    assertThatThrownBy(() -> Updates.incrementalUpdate(fresh, old, 1.5))
        .hasMessage("stepSize must be in [0, 1], but was 1.5");
    assertThatThrownBy(() -> Updates.incrementalUpdate(fresh, tree(DType.FLOAT32, 1), 0.5))
        .hasMessageContaining("must have the shape");
  }

  @Test
  void aPeriodicUpdateReplacesTheTargetNowAndThen() {
    float[] array = {1, 2};
    Tree fresh = Tree.of("w", Tensor.wrap(array));
    Tree old = tree(DType.FLOAT32, 3, 4);
    Tree replaced = Updates.periodicUpdate(fresh, old, 6, 3);
    array[0] = 9;
    assertThat(replaced.get("w").toDoubles()).containsExactly(1, 2);
    assertThat(Updates.periodicUpdate(fresh, old, 7, 3).sameBits(old)).isTrue();
    assertThatThrownBy(() -> Updates.periodicUpdate(fresh, old, 1, 0))
        .hasMessage("updatePeriod must be at least 1, but was 0");
    assertThatThrownBy(() -> Updates.periodicUpdate(fresh, tree(DType.FLOAT32, 1), 1, 2))
        .hasMessageContaining("must have the shape");
  }
}
