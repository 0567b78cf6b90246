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
import dev.glissade.optimizer.PolyakSgd;
import dev.glissade.transform.ScaleByPolyak.Variant;
import dev.glissade.transform.Transforms;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the loss decides, where the original goes wrong or says nothing. */
class ByLossTest {
  private static Tree tree(double... numbers) {
    return Tree.of("w", Tensor.of(numbers));
  }

  private static double[] numbers(Tree tree) {
    return tree.get("w").toDoubles();
  }

  private static Extras loss(double value) {
    return Extras.NONE.withValue(value);
  }

  /** The scales after each of these losses. */
  private static List<Double> scales(ReduceOnPlateau plateau, double... losses) {
    Stepper<?> stepper = Stepper.of(plateau, tree(0));
    List<Double> scales = new ArrayList<>();
    for (double each : losses) {
      double before = numbers(stepper.params())[0];
      stepper.step(tree(1), loss(each));
      scales.add(Math.rint((numbers(stepper.params())[0] - before) * 1e9) / 1e9);
    }
    return scales;
  }

  @Test
  void aPlateauOfNegativeLossesReduces() {
    ReduceOnPlateau plateau = Contrib.reduceOnPlateau().patience(2).rtol(0.1);
    // -10.5 improves -10 by less than a tenth
    assertThat(scales(plateau, -10, -10.5, -10.9, -10.9, -12, -12))
        .containsExactly(1.0, 1.0, 0.1, 0.1, 0.1, 0.1);
    assertThat(scales(plateau, 10, 9.5, 9.1, 9.1, 8.9, 8.9))
        .containsExactly(1.0, 1.0, 0.1, 0.1, 0.1, 0.1);
  }

  @Test
  void aNanIsLeftOutOfTheMean() {
    ReduceOnPlateau plateau = Contrib.reduceOnPlateau().patience(1).accumulationSize(2);
    double nan = Double.NaN;
    assertThat(scales(plateau, 4, nan, 2, 3, nan, nan, 3.5))
        .containsExactly(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.1);
    assertThat(scales(plateau, nan, nan, nan)).containsOnly(1.0);
    double infinity = Double.POSITIVE_INFINITY;
    assertThat(scales(plateau, infinity, 1, 1, 1, 1, infinity))
        .containsExactly(1.0, 0.1, 0.1, 0.1, 0.1, 0.01);
  }

  @Test
  void aCoolDownAndALeastScale() {
    ReduceOnPlateau plateau =
        Contrib.reduceOnPlateau().factor(0.5).patience(1).cooldown(2).minScale(0.2).atol(0.5);
    assertThat(scales(plateau, 5, 4.7, 4.7, 4.7, 4.7, 4.7, 4.7, 4.7, 4.7, 4.7))
        .containsExactly(1.0, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.2, 0.2, 0.2);
    assertThatThrownBy(() -> Contrib.reduceOnPlateau().rtol(0))
        .hasMessage("rtol or atol must be positive, but was 0 for both");
    assertThatThrownBy(() -> Contrib.reduceOnPlateau().factor(1))
        .hasMessage("factor must be in (0, 1), but was 1.0");
  }

  @Test
  void polyaksStepNeverClimbs() {
    for (Variant variant : Variant.values()) {
      PolyakSgd sgd = Optimizers.polyakSgd().variant(variant).fMin(2);
      for (double value : new double[] {1, -5, Double.NaN, Double.POSITIVE_INFINITY}) {
        Stepper<?> stepper = Stepper.of(sgd, tree(3, 4));
        stepper.step(tree(3, 4), loss(value));
        assertThat(numbers(stepper.params())).as("%s", value).containsExactly(3, 4);
      }
    }
    assertThat(Variant.SPS_PLUS).hasToString("sps+");
  }

  /** Down to a squared norm of 2.2e-16. */
  @Test
  void polyaksStepIsTheWayToTheMinimumOverTheSlope() {
    PolyakSgd sgd = Optimizers.polyakSgd().maxLearningRate(Double.POSITIVE_INFINITY).scaling(0.5);
    for (double size : new double[] {1, 1e-6, 1e12}) {
      Stepper<?> stepper = Stepper.of(sgd, tree(1, 2));
      stepper.step(tree(3 * size, -4 * size), loss(10));
      double step = 0.5 * 10 / (25 * size);
      assertThat(numbers(stepper.params())[0] - 1)
          .isCloseTo(-3 * step, within(1e-9 * step + 1e-15));
    }
    Stepper<?> stopped = Stepper.of(sgd, tree(1, 2));
    stopped.step(tree(0, 0), loss(10));
    assertThat(numbers(stopped.params())).containsExactly(1, 2);
  }

  /** Equation 7 of MoMo's paper, with its means written out. */
  @Test
  void momoFollowsItsPaper() {
    double[] c = {1, -2, 0.5};
    double[] x = {3, 3, 3};
    List<double[]> gradients = new ArrayList<>();
    List<Double> offsets = new ArrayList<>();
    Stepper<?> stepper = Stepper.of(Contrib.momo(0.6), tree(x));
    for (int k = 0; k < 15; k++) {
      double f = 0;
      double[] g = new double[3];
      double product = 0;
      for (int i = 0; i < 3; i++) {
        g[i] = x[i] - c[i];
        f += g[i] * g[i] / 2;
        product += g[i] * x[i];
      }
      stepper.step(tree(g), loss(f));
      gradients.add(g);
      offsets.add(f - product);
      // d = sum w g, h = sum w (f + <g, x - x_j>), w = (1 - b) b^(k - j), b^k for the first
      double[] d = new double[3];
      double h = 0;
      for (int j = 0; j <= k; j++) {
        double w = Math.pow(0.9, k - j) * (j == 0 ? 1 : 0.1);
        h += w * offsets.get(j);
        for (int i = 0; i < 3; i++) {
          d[i] += w * gradients.get(j)[i];
          h += w * gradients.get(j)[i] * x[i];
        }
      }
      double norm = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
      double tau = Math.min(0.6, Math.max(h, 0) / norm);
      for (int i = 0; i < 3; i++) {
        x[i] -= tau * d[i];
      }
      assertThat(numbers(stepper.params())).containsExactly(x, within(1e-9));
    }
  }

  @Test
  void momoCountsTheStepsThatItsBoundStops() {
    for (GradientTransformation<?> momo :
        List.of(Contrib.momo().lowerBound(100), Contrib.momoAdam().lowerBound(100))) {
      Stepper<?> stepper = Stepper.of(momo, tree(1, 2));
      stepper.step(tree(1, 1), loss(3));
      stepper.step(tree(1, 1), loss(3));
      assertThat(numbers(stepper.params())).containsExactly(1, 2);
      assertThat(stepper.scalar("stopped")).isEqualTo(2);
    }
    Stepper<?> moving = Stepper.of(Contrib.momo(), tree(1, 2));
    moving.step(tree(1, 1), loss(3));
    assertThat(moving.scalar("stopped")).isZero();
    moving.step(tree(0, 0), loss(3));
    assertThat(moving.scalar("stopped")).isZero();
  }

  /** Where the original gives NaN. */
  @Test
  void momoSurvivesWhatIsNotFinite() {
    for (GradientTransformation<?> momo : List.of(Contrib.momo(), Contrib.momoAdam())) {
      Stepper<?> stepper = Stepper.of(momo, tree(1, 2));
      stepper.step(tree(1, 1), loss(3));
      double barf = stepper.scalar("barf");
      stepper.step(tree(1, 1), loss(Double.NaN));
      assertThat(stepper.scalar("barf")).isEqualTo(barf);
      stepper.step(tree(1, 1), loss(2));
      assertThat(numbers(stepper.params())).doesNotContain(Double.NaN);
      Tree half = Tree.of("w", Tensor.of(DType.FLOAT16, new double[] {1, 2}, 2));
      Stepper<?> small = Stepper.of(momo, half);
      for (int i = 0; i < 3; i++) {
        small.step(half.times(0).as(half.structure()).evaluate(), loss(1));
        small.step(half, loss(1));
      }
      assertThat(numbers(small.params())).doesNotContain(Double.NaN);
    }
  }

  @Test
  void theLossReachesThroughChainsAndMasks() {
    GradientTransformation<?> nested =
        Transforms.chain(
            Transforms.masked(Contrib.momo(), path -> true),
            Contrib.reduceOnPlateau().patience(1).factor(0.5));
    Stepper<?> stepper = Stepper.of(nested, tree(1, 2));
    assertThatThrownBy(() -> stepper.step(tree(1, 1)))
        .hasMessage(
            "extra argument \"value\" must be given: step(gradients,"
                + " Extras.NONE.withValue(...))");
    stepper.step(tree(1, 1), loss(3));
    stepper.step(tree(1, 1), loss(3));
    assertThat(stepper.scalar("scale")).isEqualTo(0.5);
  }
}
