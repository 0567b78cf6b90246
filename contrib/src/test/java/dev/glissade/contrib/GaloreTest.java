package dev.glissade.contrib;

import static dev.glissade.contrib.PlainMatrices.draw;
import static dev.glissade.contrib.PlainMatrices.transposed;
import static dev.glissade.contrib.PlainMatrices.tree;
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
import dev.glissade.testing.Allocation;
import dev.glissade.transform.Transforms;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** GaLore against plain loops in double, and what the recorded cases leave open. */
class GaloreTest {
  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Returns the r left singular vectors of a tall matrix as rows, by Jacobi's one-sided turns. */
  private static double[][] leading(double[][] g, int r) {
    double[][] columns = transposed(g);
    for (int sweep = 0; sweep < 30; sweep++) {
      for (int p = 0; p < columns.length; p++) {
        for (int q = p + 1; q < columns.length; q++) {
          double[] a = columns[p].clone();
          double[] b = columns[q].clone();
          double angle = Math.atan2(2 * dot(a, b), dot(a, a) - dot(b, b)) / 2;
          for (int i = 0; i < a.length; i++) {
            columns[p][i] = Math.cos(angle) * a[i] + Math.sin(angle) * b[i];
            columns[q][i] = Math.cos(angle) * b[i] - Math.sin(angle) * a[i];
          }
        }
      }
    }
    Arrays.sort(columns, (a, b) -> Double.compare(dot(b, b), dot(a, a)));
    double[][] unit = new double[r][];
    for (int k = 0; k < r; k++) {
      double largest =
          Arrays.stream(columns[k]).reduce(0, (a, b) -> Math.abs(b) > Math.abs(a) ? b : a);
      double norm = Math.copySign(Math.sqrt(dot(columns[k], columns[k])), largest);
      unit[k] = Arrays.stream(columns[k]).map(x -> x / norm).toArray();
    }
    return unit;
  }

  /** GaLore with Adam in plain loops, for one matrix. */
  private static final class Plain {
    final int rank;
    final int gap;
    final double rate;
    int count;
    double[][] p = {};
    double[][] mu = {};
    double[][] nu = {};

    Plain(int rank, int gap, double rate) {
      this.rank = rank;
      this.gap = gap;
      this.rate = rate;
    }

    /** Returns the update of a tall matrix. */
    double[][] update(double[][] g) {
      if (count % gap == 0) {
        p = leading(g, rank);
      }
      count++;
      if (count == 1) {
        mu = new double[rank][g[0].length];
        nu = new double[rank][g[0].length];
      }
      double[][] u = new double[g.length][g[0].length];
      for (int k = 0; k < rank; k++) {
        for (int j = 0; j < g[0].length; j++) {
          double low = 0;
          for (int i = 0; i < g.length; i++) {
            low += p[k][i] * g[i][j];
          }
          mu[k][j] = 0.9 * mu[k][j] + 0.1 * low;
          nu[k][j] = 0.999 * nu[k][j] + 0.001 * low * low;
          double step =
              mu[k][j]
                  / (1 - Math.pow(0.9, count))
                  / (Math.sqrt(nu[k][j] / (1 - Math.pow(0.999, count))) + 1e-8);
          for (int i = 0; i < g.length; i++) {
            u[i][j] -= rate * p[k][i] * step;
          }
        }
      }
      return u;
    }
  }

  @Test
  void followsItsFormulaInAnyShape() {
    for (int[] shape : new int[][] {{3, 3}, {7, 2}, {2, 7}, {1, 5}, {300, 4}}) {
      boolean turned = shape[0] < shape[1];
      int rank = Math.min(2, Math.min(shape[0], shape[1]));
      double[][] x = draw(1, shape[0], shape[1]);
      Plain plain = new Plain(rank, 3, 0.1 * 0.5);
      Stepper<?> stepper =
          Stepper.of(Contrib.galore(0.1).rank(2).updateProjGap(3).scale(0.5), tree(x));
      for (int t = 0; t < 8; t++) {
        double[][] g = draw(10 + t, shape[0], shape[1]);
        double[][] u = plain.update(turned ? transposed(g) : g);
        u = turned ? transposed(u) : u;
        for (int i = 0; i < x.length; i++) {
          for (int j = 0; j < x[0].length; j++) {
            x[i][j] += u[i][j];
          }
        }
        stepper.step(tree(g));
      }
      double[] have = stepper.params().get("w").toDoubles();
      for (int i = 0; i < have.length; i++) {
        assertThat(have[i]).isCloseTo(x[i / shape[1]][i % shape[1]], within(1e-10));
      }
    }
  }

  @Test
  void stateHasTheShapesOfTheProjections() {
    Tree params =
        Tree.of(
            Map.of(
                "tall",
                Tensor.of(draw(1, 7, 4)),
                "wide",
                Tensor.of(draw(2, 4, 6)),
                "bias",
                Tensor.of(new double[5]),
                "empty",
                Tensor.of(new double[0], 0, 3)));
    Stepper<?> stepper = Stepper.of(Contrib.galore(0.1).rank(3), params);
    stepper.step(params);
    Tree mu = stepper.tree("states/0/baseOptimizerState/mu");
    assertThat(mu.get("tall").shape()).containsExactly(3, 4);
    assertThat(mu.get("wide").shape()).containsExactly(4, 3);
    assertThat(mu.get("bias").shape()).containsExactly(5);
    Tree projector = stepper.tree("states/0/projector");
    assertThat(projector.paths()).containsExactly("empty", "tall", "wide");
    assertThat(projector.get("tall").shape()).containsExactly(7, 3);
    assertThat(projector.get("wide").shape()).containsExactly(6, 3);
  }

  @Test
  void aGradientThatIsNotFiniteKeepsTheSubspace() {
    Tree x = Tree.of("v", Tensor.of(draw(1, 5, 3)), "w", Tensor.of(draw(2, 5, 3)));
    Tree bad =
        Tree.of(
            "v",
            Tensor.of(
                new double[][] {{1, 2, 3}, {1, Double.NaN, 3}, {4, 5, 6}, {1, 1, 1}, {2, 2, 3}}),
            "w",
            Tensor.of(draw(3, 5, 3)));
    GradientTransformation<?> galore =
        Contrib.scaleByGalore().rank(2).updateProjGap(2).baseOptimizer(Transforms.identity());
    Stepper<?> stepper = Stepper.of(galore, x);
    stepper.step(x);
    stepper.step(x);
    Tree before = stepper.tree("projector").copy();
    stepper.step(bad);
    Tree after = stepper.tree("projector");
    assertThat(after.get("v").sameBits(before.get("v"))).isTrue();
    assertThat(after.get("w").sameBits(before.get("w"))).isFalse();
  }

  /** P P'(g + decay x), with the parameters in the subspace. */
  @Test
  void baseOptimizersMayUseTheProjectedParameters() {
    double[][] x = draw(1, 6, 3);
    double[][] g = draw(2, 6, 3);
    GradientTransformation<?> base = Transforms.addDecayedWeights(0.5);
    ScaleByGalore galore = Contrib.scaleByGalore().rank(2).scale(2).baseOptimizer(base);
    double[] u =
        galore.update(tree(g), galore.init(tree(x)), tree(x)).updates().get("w").toDoubles();
    double[][] p = leading(g, 2);
    for (int i = 0; i < 18; i++) {
      double want = 0;
      for (double[] vector : p) {
        for (int k = 0; k < 6; k++) {
          want += 2 * vector[i / 3] * vector[k] * (g[k][i % 3] + 0.5 * x[k][i % 3]);
        }
      }
      assertThat(u[i]).isCloseTo(want, within(1e-12));
    }
    Tree copy = tree(x);
    Stepper.of(Contrib.galore(0.1).baseOptimizer(Optimizers.adamw(1.0)), copy).step(tree(g));
  }

  @Test
  void optimizersThatKeepParametersAreRefused() {
    Tree x = tree(draw(1, 6, 3));
    for (GradientTransformation<?> base :
        List.of(Contrib.dog(), Contrib.prodigy(), Contrib.scheduleFreeSgd(0.1))) {
      assertThatThrownBy(() -> Stepper.of(Contrib.galore(0.1).baseOptimizer(base), x))
          .hasMessageStartingWith(
              "baseOptimizer must not keep parameters in its state, since GaLore's subspaces"
                  + " change, but was ");
    }
    Tree vector = Tree.of("w", Tensor.of(new double[] {1, 2}));
    Stepper.of(Contrib.galore(0.1).baseOptimizer(Contrib.dog()), vector).step(vector);
  }

  @Test
  void optimizersThatCallTheLossAreRefused() {
    Tree x = tree(draw(1, 6, 3));
    Stepper<?> stepper = Stepper.of(Contrib.galore(0.1).baseOptimizer(Contrib.sophia(0.1)), x);
    assertThatThrownBy(
            () -> stepper.step(x, Extras.NONE.withGradientFunction((params, i) -> params)))
        .hasMessageContaining(
            "the base optimizer of GaLore must not call the loss, since its leaves are"
                + " projections");
  }

  @Test
  void halvesHaveFloat32ProjectionsAndFiniteSteps() {
    for (DType half : List.of(DType.BFLOAT16, DType.FLOAT16)) {
      Tree x = tree(draw(1, 4, 3)).as(half).evaluate();
      Stepper<?> stepper = Stepper.of(Contrib.galore(0.1).rank(2).updateProjGap(1), x);
      stepper.step(x.times(0).as(half).evaluate());
      assertThat(stepper.params().get("w").sameBits(x.get("w"))).isTrue();
      stepper.step(x);
      assertThat(stepper.params().get("w").dtype()).isEqualTo(half);
      assertThat(stepper.tree("states/0/projector").get("w").dtype()).isEqualTo(DType.FLOAT32);
      assertThat(stepper.params().get("w").toDoubles()).doesNotContain(Double.NaN);
      assertThat(stepper.params().get("w").sameBits(x.get("w"))).isFalse();
    }
  }

  @Test
  void aWarmStepBetweenRenewalsAllocatesNothing() {
    Tree x = tree(draw(1, 50, 40)).as(DType.FLOAT32).evaluate();
    Stepper<?> stepper = Stepper.of(Contrib.galore(1e-3).rank(4).updateProjGap(1 << 30), x.copy());
    assertThat(Allocation.least(stepper, x)).isZero();
  }

  @Test
  void badArgumentsAreNamed() {
    assertThatThrownBy(() -> Contrib.galore(1).rank(0))
        .hasMessage("rank must be at least 1, but was 0");
    assertThatThrownBy(() -> Contrib.galore(1).updateProjGap(0))
        .hasMessage("updateProjGap must be at least 1, but was 0");
    assertThatThrownBy(() -> Contrib.scaleByGalore().scale(Double.NaN))
        .hasMessage("scale must be finite, but was NaN");
    Map<String, DimensionNumbers> patterns = new LinkedHashMap<>();
    patterns.put("*", DimensionNumbers.of(0, 1));
    Galore galore = Contrib.galore(1).weightDimensionNumbers(new WeightDimensionNumbers(patterns));
    Tree three = Tree.of("w", Tensor.of(new double[8], 2, 2, 2));
    assertThatThrownBy(() -> Stepper.of(galore, three))
        .hasMessageStartingWith(
            "the dimension numbers of leaf \"w\" must name all axes of its shape [2, 2, 2], but was"
                + " DimensionNumbers[");
    Tree complex = Tree.of("z", Tensor.complex(new double[4], new double[4], 2, 2));
    assertThatThrownBy(() -> Stepper.of(Contrib.galore(1), complex))
        .hasMessage("the matrix \"z\" must be real, but was complex128");
  }
}
