package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.transform.WeightLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Algorithms with numbers of each leaf or row, against their papers in plain loops. */
class LeafwiseFormulasTest {
  private static final int STEPS = 12;
  private static final double RATE = 0.05;

  /** A matrix of 2 rows and 3 columns, and a vector. */
  private static Tree tree(double[] matrix, double[] vector) {
    return Tree.of("matrix", Tensor.of(matrix, 2, 3), "vector", Tensor.of(vector, 3));
  }

  /** A rule that steps one leaf at step t from 1. */
  private interface Rule {
    void step(double[] x, double[] g, double[] m, double[] v, int t, boolean isMatrix);
  }

  private static void compare(GradientTransformation<?> optimizer, Rule rule) {
    Random random = new Random(3);
    double[] matrix = random.doubles(6, -1, 1).toArray();
    double[] vector = random.doubles(3, -1, 1).toArray();
    double[][] moments = {new double[6], new double[6], new double[3], new double[3]};
    Stepper<?> stepper = Stepper.of(optimizer, tree(matrix, vector));
    for (int t = 1; t <= STEPS; t++) {
      // every fourth step the matrix has gradients that its second moment does not know
      double size = t % 4 == 0 ? 50 : 1;
      double[] g = random.doubles(6, -size, size).toArray();
      double[] h = random.doubles(3, -1, 1).toArray();
      stepper.step(tree(g, h));
      rule.step(matrix, g, moments[0], moments[1], t, true);
      rule.step(vector, h, moments[2], moments[3], t, false);
      assertThat(stepper.params().get("matrix").toDoubles())
          .as("step %d", t)
          .containsExactly(matrix, within(1e-9));
      assertThat(stepper.params().get("vector").toDoubles())
          .as("step %d", t)
          .containsExactly(vector, within(1e-9));
    }
  }

  /** Algorithm 2 of the paper, with its decays that need no debiasing. */
  @Test
  void stableAdamwFollowsItsPaper() {
    double eps = 1e-3;
    compare(
        new StableAdamW(count -> RATE, 0.8, 0.9, eps, count -> 0.1, "matrix"::equals),
        (x, g, m, v, t, isMatrix) -> {
          double b1 = 0.8 * (1 - Math.pow(0.8, t - 1)) / (1 - Math.pow(0.8, t));
          double b2 = 0.9 * (1 - Math.pow(0.9, t - 1)) / (1 - Math.pow(0.9, t));
          double sum = 0;
          for (int i = 0; i < x.length; i++) {
            m[i] = b1 * m[i] + (1 - b1) * g[i];
            v[i] = b2 * v[i] + (1 - b2) * g[i] * g[i];
            sum += g[i] * g[i] / Math.max(v[i], eps * eps);
          }
          double rate = RATE / Math.max(1, Math.sqrt(sum / x.length));
          for (int i = 0; i < x.length; i++) {
            double decay = isMatrix ? 0.1 * x[i] : 0;
            x[i] -= rate * decay + rate * m[i] / (Math.sqrt(v[i]) + eps);
          }
        });
  }

  /** Algorithm 1 of the paper: a block for each output, and one for a vector. */
  @ParameterizedTest
  @EnumSource
  void adamMiniFollowsItsPaper(WeightLayout layout) {
    compare(
        new AdamMini(count -> RATE, 0.8, 0.9, 1e-3, count -> 0.1, null, layout),
        (x, g, m, v, t, isMatrix) -> {
          double[] squares = new double[x.length];
          Arrays.setAll(squares, i -> meanSquare(g, i, isMatrix, layout));
          for (int i = 0; i < x.length; i++) {
            m[i] = 0.8 * m[i] + 0.2 * g[i];
            v[i] = 0.9 * v[i] + 0.1 * squares[i];
            double root = Math.sqrt(v[i] / (1 - Math.pow(0.9, t))) + 1e-3;
            x[i] -= RATE * (m[i] / (1 - Math.pow(0.8, t)) / root + 0.1 * x[i]);
          }
        });
  }

  /** The mean square of the elements in the block of element i. */
  private static double meanSquare(double[] g, int i, boolean isMatrix, WeightLayout layout) {
    double sum = 0;
    int count = 0;
    for (int j = 0; j < g.length; j++) {
      boolean together =
          !isMatrix || (layout == WeightLayout.OUT_IN ? i / 3 == j / 3 : i % 3 == j % 3);
      sum += together ? g[j] * g[j] : 0;
      count += together ? 1 : 0;
    }
    return sum / count;
  }

  @Test
  void adamMiniKeepsANumberForEachOutput() {
    Stepper<?> stepper =
        Stepper.of(
            Contrib.adamMini(0.1).layout(WeightLayout.OUT_IN), tree(new double[6], new double[3]));
    assertThat(stepper.tree("nu").get("matrix").shape()).containsExactly(2, 1);
    assertThat(stepper.tree("nu").get("vector").shape()).containsExactly(1);
    stepper.step(tree(new double[6], new double[3]));
    assertThat(stepper.params().get("matrix").toDoubles()).containsOnly(0);
  }

  /** One element that is not a number leaves the others as they are. */
  @Test
  void aNanSpoilsNoOtherElementOfStableAdamw() {
    Stepper<?> stepper =
        Stepper.of(Contrib.stableAdamw(0.1), tree(new double[6], new double[] {1, 1, 1}));
    stepper.step(tree(new double[6], new double[] {1, Double.NaN, 1}));
    assertThat(stepper.params().get("vector").get(0)).isBetween(0.89, 0.91);
    assertThat(stepper.params().get("vector").get(1)).isNaN();
  }
}
