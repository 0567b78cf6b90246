package dev.glissade.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.DType;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GradientCheckTest {
  /** The sum of the cubes of all numbers. */
  private static double cubes(Tree at) {
    return at.stream()
        .flatMapToDouble(leaf -> Arrays.stream(leaf.getValue().toDoubles()))
        .map(x -> x * x * x)
        .sum();
  }

  private static Tree params(DType type) {
    return Tree.builder()
        .add("a", Tensor.of(type, new double[] {1, -2}, 2))
        .add("b", Tensor.of(type, new double[] {100}, 1))
        .build();
  }

  private static Tree slopes(DType type, double second) {
    return Tree.builder()
        .add("a", Tensor.of(type, new double[] {3, second}, 2))
        .add("b", Tensor.of(type, new double[] {30000}, 1))
        .build();
  }

  @Test
  void aRightGradientPasses() {
    Tree params = params(DType.FLOAT64);
    assertThat(
            GradientCheck.of(GradientCheckTest::cubes, params, slopes(DType.FLOAT64, 12)).error())
        .isLessThan(1e-9);
    assertThat(
            GradientCheck.of(
                    GradientCheckTest::cubes, params(DType.FLOAT32), slopes(DType.FLOAT32, 12))
                .error())
        .isLessThan(1e-3);
    assertThat(params.sameBits(params(DType.FLOAT64))).isTrue();
  }

  @Test
  void aWrongElementIsNamed() {
    GradientCheck check =
        GradientCheck.of(
            GradientCheckTest::cubes, params(DType.FLOAT64), slopes(DType.FLOAT64, -12));
    assertThat(check.path()).isEqualTo("a");
    assertThat(check.index()).isEqualTo(1);
    assertThat(check.given()).isEqualTo(-12);
    assertThat(check.numeric()).isCloseTo(12, within(1e-4));
    assertThat(check.error()).isCloseTo(24 / 30000.0, within(1e-9));
  }

  @Test
  void nanIsAnInfiniteError() {
    GradientCheck check =
        GradientCheck.of(
            GradientCheckTest::cubes, params(DType.FLOAT64), slopes(DType.FLOAT64, Double.NaN));
    assertThat(check.error()).isInfinite();
    assertThat(check.path()).isEqualTo("a");
  }

  @Test
  void otherStructuresAreRefused() {
    Tree params = params(DType.FLOAT64);
    assertThatThrownBy(() ->
            GradientCheck.of(
                GradientCheckTest::cubes, params, Tree.of("a", Tensor.of(new double[2]))))
        .hasMessageStartingWith("gradients must have the structure of params, ");
  }
}
