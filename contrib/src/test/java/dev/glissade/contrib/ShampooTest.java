package dev.glissade.contrib;

import static dev.glissade.contrib.PlainMatrices.draw;
import static dev.glissade.contrib.PlainMatrices.mean;
import static dev.glissade.contrib.PlainMatrices.product;
import static dev.glissade.contrib.PlainMatrices.transposed;
import static dev.glissade.contrib.PlainMatrices.tree;
import static dev.glissade.contrib.PlainMatrices.unit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.DType;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.testing.Allocation;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Shampoo with grafting against its formulas in plain loops. */
class ShampooTest {
  private static double[][] times(double factor, double[][] a) {
    return mean(a, factor, new double[a.length][a[0].length]);
  }

  private static double norm(double[][] a) {
    return Math.sqrt(Arrays.stream(a).flatMapToDouble(Arrays::stream).map(x -> x * x).sum());
  }

  /** Returns (A + 1e-12 I)^exponent, by Jacobi's turns. */
  private static double[][] power(double[][] matrix, double exponent) {
    int n = matrix.length;
    double[][] a = matrix;
    double[][] q = unit(n);
    for (int sweep = 0; sweep < 20; sweep++) {
      for (int i = 0; i < n; i++) {
        for (int j = i + 1; j < n; j++) {
          double angle = Math.atan2(2 * a[i][j], a[i][i] - a[j][j]) / 2;
          double[][] turn = unit(n);
          turn[i][i] = Math.cos(angle);
          turn[j][j] = Math.cos(angle);
          turn[j][i] = Math.sin(angle);
          turn[i][j] = -Math.sin(angle);
          a = product(transposed(turn), product(a, turn));
          q = product(q, turn);
        }
      }
    }
    double[][] roots = unit(n);
    for (int k = 0; k < n; k++) {
      roots[k][k] = Math.pow(Math.max(a[k][k], 0) + 1e-12, exponent);
    }
    return product(q, product(roots, transposed(q)));
  }

  private static void compare(Shampoo shampoo, int rows, int columns, double left, double right) {
    double[][] x = draw(1, rows, columns);
    double[][] m = new double[rows][columns];
    double[][] v = new double[rows][columns];
    double[][] l = new double[rows][rows];
    double[][] r = new double[columns][columns];
    double[][] pl = unit(rows);
    double[][] pr = unit(columns);
    Stepper<?> stepper = Stepper.of(shampoo, tree(x));
    for (int t = 1; t <= 11; t++) {
      double[][] g = draw(10 + t, rows, columns);
      stepper.step(tree(g));
      m = mean(m, 0.9, g);
      l = mean(l, 0.99, product(g, transposed(g)));
      r = mean(r, 0.99, product(transposed(g), g));
      double[][] a = new double[rows][columns];
      double[][] hat = new double[rows][columns];
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          v[i][j] = 0.99 * v[i][j] + 0.01 * g[i][j] * g[i][j];
          hat[i][j] = m[i][j] / (1 - Math.pow(0.9, t));
          a[i][j] = hat[i][j] / (Math.sqrt(v[i][j] / (1 - Math.pow(0.99, t))) + 1e-8);
        }
      }
      if (t % 3 == 0) {
        double bias = 1 - Math.pow(0.99, t);
        pl = left == 0 ? pl : power(times(1 / bias, l), left);
        pr = right == 0 ? pr : power(times(1 / bias, r), right);
      }
      double[][] p = product(pl, product(hat, pr));
      double[][] u = t < 3 || left + right == 0 ? a : times(norm(a) / norm(p), p);
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          x[i][j] -= 0.1 * (u[i][j] + 0.5 * x[i][j]);
        }
      }
    }
    double[] have = stepper.params().get("w").toDoubles();
    for (int i = 0; i < have.length; i++) {
      assertThat(have[i]).isCloseTo(x[i / columns][i % columns], within(1e-8));
    }
  }

  private static Shampoo shampoo() {
    return Contrib.shampoo(0.1).b2(0.99).weightDecay(0.5).preconditionFrequency(3);
  }

  @Test
  void followsItsFormulasInAnyShape() {
    compare(shampoo(), 3, 3, -0.25, -0.25);
    compare(shampoo(), 3, 4, -0.25, -0.25);
    compare(shampoo(), 4, 3, -0.25, -0.25);
  }

  @Test
  void longSidesHaveNoPreconditioner() {
    compare(shampoo().maxPrecondDim(4), 4, 6, -0.5, 0);
    compare(shampoo().maxPrecondDim(4), 6, 4, 0, -0.5);
    compare(shampoo().maxPrecondDim(3), 6, 4, 0, 0);
  }

  @Test
  void otherLeavesTakeAdamw() {
    Tree x = Tree.of("b", Tensor.of(new double[] {1, -2}));
    Stepper<?> shampoo = Stepper.of(Contrib.shampoo(0.1), x.copy());
    Stepper<?> adam = Stepper.of(Optimizers.adamw(0.1).weightDecay(0), x.copy());
    for (int t = 0; t < 12; t++) {
      shampoo.step(x);
      adam.step(x);
    }
    for (int i = 0; i < 2; i++) {
      double want = adam.params().get("b").get(i);
      assertThat(shampoo.params().get("b").get(i)).isCloseTo(want, within(1e-14));
    }
  }

  @Test
  void halvesAndHugeGradientsStayFinite() {
    for (DType dtype : List.of(DType.BFLOAT16, DType.FLOAT16, DType.FLOAT32, DType.FLOAT64)) {
      Tree x = tree(draw(1, 20, 30)).as(dtype).evaluate();
      Stepper<?> stepper = Stepper.of(Contrib.shampoo(0.1).preconditionFrequency(1), x);
      double huge = dtype == DType.FLOAT64 ? 1e300 : dtype == DType.FLOAT16 ? 6e4 : 3e38;
      for (double size : new double[] {0, 1, huge, 1, 1}) {
        stepper.step(x.times(size).as(dtype).evaluate());
      }
      assertThat(Arrays.stream(stepper.params().get("w").toDoubles())).allMatch(Double::isFinite);
      assertThat(stepper.params().get("w").sameBits(x.get("w"))).isFalse();
    }
  }

  @Test
  void aNanInOneMatrixLeavesTheOthers() {
    Tree x = Tree.of("v", Tensor.of(draw(1, 2, 3)), "w", Tensor.of(draw(2, 2, 3)));
    double[][] bad = draw(3, 2, 3);
    bad[0][0] = Double.NaN;
    Stepper<?> stepper = Stepper.of(Contrib.shampoo(0.1).preconditionFrequency(2), x);
    for (int t = 0; t < 5; t++) {
      Tensor first = Tensor.of(t == 1 ? bad : draw(9, 2, 3));
      stepper.step(Tree.of("v", first, "w", Tensor.of(draw(4 + t, 2, 3))));
    }
    assertThat(stepper.params().get("w").toDoubles()).doesNotContain(Double.NaN);
  }

  @Test
  void aWarmStepBetweenRootsAllocatesNothing() {
    Tree x = tree(draw(1, 40, 50)).as(DType.FLOAT32).evaluate();
    Stepper<?> stepper = Stepper.of(Contrib.shampoo(1e-3).preconditionFrequency(1 << 30), x.copy());
    assertThat(Allocation.least(stepper, x)).isZero();
  }

  @Test
  void badArgumentsAreNamed() {
    assertThatThrownBy(() -> Contrib.shampoo(1).epsilon(0))
        .hasMessage("epsilon must be positive, but was 0.0");
    assertThatThrownBy(() -> Contrib.shampoo(1).graftingEps(-1))
        .hasMessage("graftingEps must not be negative, but was -1.0");
    assertThatThrownBy(() -> Contrib.scaleByShampoo().preconditionFrequency(0))
        .hasMessage("preconditionFrequency must be at least 1, but was 0");
  }
}
