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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** SOAP against the paper's algorithm 3 in plain loops, with the authors' order of columns. */
class SoapTest {
  private static int[] order(int n, java.util.function.IntToDoubleFunction value) {
    return IntStream.range(0, n)
        .boxed()
        .sorted(Comparator.comparingDouble(k -> -value.applyAsDouble(k)))
        .mapToInt(k -> k)
        .toArray();
  }

  private static double[][] columns(double[][] a, int[] order) {
    return Arrays.stream(a)
        .map(row -> Arrays.stream(order).mapToDouble(k -> row[k]).toArray())
        .toArray(double[][]::new);
  }

  /** Returns the factor Q, by Gram and Schmidt, twice. */
  private static double[][] orthonormal(double[][] a) {
    double[][] q = transposed(a);
    for (int k = 0; k < q.length; k++) {
      for (int twice = 0; twice < 2; twice++) {
        for (int l = 0; l < k; l++) {
          double along = 0;
          for (int i = 0; i < q[k].length; i++) {
            along += q[k][i] * q[l][i];
          }
          for (int i = 0; i < q[k].length; i++) {
            q[k][i] -= along * q[l][i];
          }
        }
      }
      double norm = Math.sqrt(Arrays.stream(q[k]).map(x -> x * x).sum());
      q[k] = Arrays.stream(q[k]).map(x -> x / norm).toArray();
    }
    return transposed(q);
  }

  /** The algorithm for one matrix, with the moment M in the original space, as in the paper. */
  private static final class Plain {
    final double[] b;
    final int frequency;
    final boolean[] rotates;
    int steps = -1;
    double[][] m;
    double[][] v;
    double[][][] gram;
    double[][][] q;

    Plain(int rows, int columns, double[] b, int frequency, boolean... rotates) {
      this.b = b;
      this.frequency = frequency;
      this.rotates = rotates;
      this.m = new double[rows][columns];
      this.v = new double[rows][columns];
      this.gram = new double[][][] {new double[rows][rows], new double[columns][columns]};
      this.q = new double[][][] {unit(rows), unit(columns)};
    }

    double[][] update(double[][] g) {
      steps++;
      double[][] u = new double[g.length][g[0].length];
      if (steps > 0) {
        double[][] turned = product(transposed(q[0]), product(g, q[1]));
        m = mean(m, b[0], g);
        double[][] n = product(transposed(q[0]), product(m, q[1]));
        for (int i = 0; i < v.length; i++) {
          for (int j = 0; j < v[0].length; j++) {
            v[i][j] = b[1] * v[i][j] + (1 - b[1]) * turned[i][j] * turned[i][j];
            double root = Math.sqrt(v[i][j] / (1 - Math.pow(b[1], steps)));
            n[i][j] = n[i][j] / (1 - Math.pow(b[0], steps)) / (root + 1e-8);
          }
        }
        u = product(q[0], product(n, transposed(q[1])));
      }
      precondition(0, g);
      precondition(1, transposed(g));
      return u;
    }

    /** Takes eigenvectors, of which there are several where eigenvalues are equal. */
    void take(int side, Tree basis) {
      if (rotates[side]) {
        double[] numbers = basis.get("w").toDoubles();
        int n = gram[side].length;
        q[side] = new double[n][];
        Arrays.setAll(q[side], i -> Arrays.copyOfRange(numbers, i * n, i * n + n));
        double[][] unit = product(transposed(q[side]), q[side]);
        double[][] diagonal = product(transposed(q[side]), product(gram[side], q[side]));
        for (int i = 0; i < n; i++) {
          for (int j = 0; j < n; j++) {
            assertThat(unit[i][j]).isCloseTo(i == j ? 1 : 0, within(1e-13));
            assertThat(diagonal[i][j]).isCloseTo(i == j ? diagonal[i][i] : 0, within(1e-13));
          }
          assertThat(diagonal[i][i])
              .isLessThanOrEqualTo(diagonal[Math.max(0, i - 1)][Math.max(0, i - 1)] + 1e-13);
        }
      }
    }

    private void precondition(int side, double[][] g) {
      if (!rotates[side]) {
        return;
      }
      gram[side] = mean(gram[side], b[2], product(g, transposed(g)));
      double[][] old = q[side];
      double[][] power = product(gram[side], old);
      if (steps > 0 && steps % frequency == 0) {
        double[][] estimates = product(transposed(old), power);
        int[] order = order(old.length, k -> estimates[k][k]);
        q[side] = orthonormal(columns(power, order));
        v = side == 1 ? columns(v, order) : transposed(columns(transposed(v), order));
      }
    }
  }

  private static void compare(Soap soap, int[] shape, boolean left, boolean right) {
    double[][] x = draw(1, shape[0], shape[1]);
    double[] b = {0.9, 0.95, 0.8};
    Plain plain = new Plain(shape[0], shape[1], b, 3, left, right);
    Stepper<?> stepper = Stepper.of(soap, tree(x));
    for (int t = 0; t < 14; t++) {
      double[][] g = draw(10 + t, shape[0], shape[1]);
      double[][] u = plain.update(g);
      for (int i = 0; i < x.length; i++) {
        for (int j = 0; j < x[0].length; j++) {
          x[i][j] -= 0.1 * (u[i][j] + 0.5 * x[i][j]);
        }
      }
      stepper.step(tree(g));
      if (t == 0) {
        plain.take(0, stepper.tree("states/0/bases/left"));
        plain.take(1, stepper.tree("states/0/bases/right"));
      }
    }
    double[] have = stepper.params().get("w").toDoubles();
    for (int i = 0; i < have.length; i++) {
      assertThat(have[i]).isCloseTo(x[i / shape[1]][i % shape[1]], within(1e-9));
    }
  }

  private static Soap soap() {
    return Contrib.soap(0.1).b1(0.9).shampooBeta(0.8).weightDecay(0.5).preconditionFrequency(3);
  }

  @Test
  void followsThePaperInAnyShape() {
    compare(soap(), new int[] {3, 3}, true, true);
    compare(soap(), new int[] {4, 6}, true, true);
    compare(soap(), new int[] {6, 4}, true, true);
  }

  @Test
  void longSidesAreNotRotated() {
    compare(soap().maxPrecondDim(4), new int[] {4, 6}, true, false);
    compare(soap().maxPrecondDim(4), new int[] {6, 4}, false, true);
    compare(soap().maxPrecondDim(3), new int[] {4, 6}, false, false);
    Stepper<?> stepper = Stepper.of(soap().maxPrecondDim(4), tree(draw(1, 4, 6)));
    assertThat(stepper.tree("states/0/bases/left").get("w").shape()).containsExactly(4, 4);
    assertThat(stepper.tree("states/0/bases/right").paths()).isEmpty();
  }

  @Test
  void otherLeavesTakeAdamwAfterTheFirstStep() {
    Tree x = Tree.of("b", Tensor.of(new double[] {1, -2}));
    Stepper<?> soap = Stepper.of(Contrib.soap(0.1).weightDecay(0), x.copy());
    Stepper<?> adam = Stepper.of(Optimizers.adamw(0.1).b1(0.95).b2(0.95).weightDecay(0), x.copy());
    soap.step(x);
    assertThat(soap.params().get("b").sameBits(x.get("b"))).isTrue();
    for (int t = 0; t < 12; t++) {
      soap.step(x);
      adam.step(x);
    }
    for (int i = 0; i < 2; i++) {
      assertThat(soap.params().get("b").get(i))
          .isCloseTo(adam.params().get("b").get(i), within(1e-14));
    }
  }

  /** A matrix for each index of an axis that is not named takes the steps of that matrix alone. */
  @Test
  void axesMakeMatricesAndBatches() {
    double[][] both = draw(1, 8, 3);
    Tensor kernel =
        Tensor.of(Arrays.stream(both).flatMapToDouble(Arrays::stream).toArray(), 2, 4, 3);
    Soap soap =
        soap()
            .weightDimensionNumbers(
                new WeightDimensionNumbers(Map.of("*", DimensionNumbers.of(-2, -1))));
    Stepper<?> batched = Stepper.of(soap, Tree.of("w", kernel));
    List<Stepper<?>> alone =
        List.of(
            Stepper.of(soap(), tree(Arrays.copyOfRange(both, 0, 4))),
            Stepper.of(soap(), tree(Arrays.copyOfRange(both, 4, 8))));
    for (int t = 0; t < 9; t++) {
      double[][] g = draw(20 + t, 8, 3);
      batched.step(
          Tree.of(
              "w", Tensor.of(Arrays.stream(g).flatMapToDouble(Arrays::stream).toArray(), 2, 4, 3)));
      alone.get(0).step(tree(Arrays.copyOfRange(g, 0, 4)));
      alone.get(1).step(tree(Arrays.copyOfRange(g, 4, 8)));
    }
    assertThat(batched.tree("states/0/preconditioners/left").get("w").shape())
        .containsExactly(2, 4, 4);
    for (int i = 0; i < 24; i++) {
      assertThat(batched.params().get("w").get(i))
          .isCloseTo(alone.get(i / 12).params().get("w").get(i % 12), within(1e-12));
    }
  }

  @Test
  void halvesAndHugeGradientsStayFinite() {
    for (DType dtype : List.of(DType.BFLOAT16, DType.FLOAT16, DType.FLOAT32, DType.FLOAT64)) {
      Tree x = tree(draw(1, 20, 30)).as(dtype).evaluate();
      Stepper<?> stepper = Stepper.of(Contrib.soap(0.1).preconditionFrequency(1), x);
      stepper.step(x.times(0).as(dtype).evaluate());
      stepper.step(x);
      stepper.step(x.times(dtype == DType.FLOAT64 ? 1e300 : 3e38).as(dtype).evaluate());
      stepper.step(x);
      stepper.step(x);
      if (dtype != DType.FLOAT16) {
        assertThat(Arrays.stream(stepper.params().get("w").toDoubles())).allMatch(Double::isFinite);
      }
      assertThat(stepper.params().get("w").sameBits(x.get("w"))).isFalse();
      assertThat(stepper.tree("states/0/preconditioners/left").get("w").dtype())
          .isEqualTo(dtype.computed());
    }
  }

  @Test
  void aNanInOneMatrixLeavesTheOthers() {
    Tree x = Tree.of("v", Tensor.of(draw(1, 2, 3)), "w", Tensor.of(draw(2, 2, 3)));
    double[][] bad = draw(3, 2, 3);
    bad[0][0] = Double.NaN;
    for (int when = 0; when < 3; when++) {
      Stepper<?> stepper = Stepper.of(Contrib.soap(0.1).preconditionFrequency(1), x);
      for (int t = 0; t < 5; t++) {
        Tensor first = Tensor.of(t == when ? bad : draw(9, 2, 3));
        stepper.step(Tree.of("v", first, "w", Tensor.of(draw(4 + t, 2, 3))));
      }
      assertThat(stepper.params().get("w").toDoubles()).doesNotContain(Double.NaN);
    }
  }

  @Test
  void aWarmStepBetweenNewBasesAllocatesNothing() {
    Tree x = tree(draw(1, 40, 50)).as(DType.FLOAT32).evaluate();
    Stepper<?> stepper = Stepper.of(Contrib.soap(1e-3).preconditionFrequency(1 << 30), x.copy());
    assertThat(Allocation.least(stepper, x)).isZero();
  }

  @Test
  void badArgumentsAreNamed() {
    assertThatThrownBy(() -> Contrib.soap(1).b1(1)).hasMessage("b1 must be in [0, 1), but was 1.0");
    assertThatThrownBy(() -> Contrib.soap(1).shampooBeta(-1.0))
        .hasMessage("shampooBeta must be in [0, 1), but was -1.0");
    assertThatThrownBy(() -> Contrib.soap(1).preconditionFrequency(0))
        .hasMessage("preconditionFrequency must be at least 1, but was 0");
    assertThatThrownBy(() -> Contrib.scaleBySoap().maxPrecondDim(-1))
        .hasMessage("maxPrecondDim must be at least 0, but was -1");
  }
}
