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
import dev.glissade.contrib.Dog.InitStep;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.schedule.Schedules;
import dev.glissade.transform.Transforms;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Relatives of Adam, and distances, by their papers written out, and where the original fails. */
class ScaledFormulasTest {
  private static final double[] CENTER = {1, -2, 0.5};

  private static Tree tree(double... numbers) {
    return Tree.of("w", Tensor.of(numbers));
  }

  private static double[] numbers(Tree tree) {
    return tree.get("w").toDoubles();
  }

  private static double[] gradient(double[] at) {
    double[] g = new double[at.length];
    for (int i = 0; i < g.length; i++) {
      g[i] = (i + 1) * (at[i] - CENTER[i]) + Math.sin(7 * at[i]);
    }
    return g;
  }

  /** A rule that changes parameters by their gradients, at step t from 1. */
  private interface Rule {
    void step(double[] x, double[] g, int t);
  }

  private static void compare(GradientTransformation<?> optimizer, Rule rule) {
    double[] x = {3, -1, 2};
    Stepper<?> stepper = Stepper.of(optimizer, tree(x));
    for (int t = 1; t <= 25; t++) {
      double[] g = gradient(x);
      stepper.step(tree(gradient(numbers(stepper.params()))));
      rule.step(x, g, t);
      assertThat(numbers(stepper.params())).as("step %d", t).containsExactly(x, within(1e-9));
    }
  }

  /** Equations 2 and 3 of the paper, and the authors' code with eta. */
  @Test
  void asamFollowsItsPaper() {
    double[] x = {3, -1, 2};
    double eta = 0.02;
    Asam asam = Contrib.asam(Optimizers.sgd(0.05), 0.3).eta(eta);
    Stepper<?> transparent = Stepper.of(asam, tree(x));
    Stepper<?> opaque = Stepper.of(asam.opaqueMode(true), tree(x));
    for (int cycle = 0; cycle < 10; cycle++) {
      double[] g = gradient(x);
      double norm = 0;
      for (int i = 0; i < 3; i++) {
        norm += Math.pow((Math.abs(x[i]) + eta) * g[i], 2);
      }
      double[] climbed = x.clone();
      for (int i = 0; i < 3; i++) {
        climbed[i] += 0.3 * Math.pow(Math.abs(x[i]) + eta, 2) * g[i] / Math.sqrt(norm);
      }
      transparent.step(tree(g));
      assertThat(numbers(transparent.params())).containsExactly(climbed, within(1e-9));
      assertThat(numbers(transparent.evalParams())).containsExactly(x, within(1e-9));
      double[] there = gradient(climbed);
      for (int i = 0; i < 3; i++) {
        x[i] -= 0.05 * there[i];
      }
      transparent.step(tree(there));
      opaque.step(
          tree(g), Extras.NONE.withGradientFunction((at, i) -> tree(gradient(numbers(at)))));
      assertThat(numbers(transparent.params())).containsExactly(x, within(1e-9));
      assertThat(numbers(opaque.params())).containsExactly(x, within(1e-9));
    }
  }

  @Test
  void aZeroGradientClimbsNowhere() {
    Stepper<?> stepper = Stepper.of(Contrib.asam(Optimizers.sgd(1)), tree(1, 0));
    stepper.step(tree(0, 0));
    assertThat(numbers(stepper.params())).containsExactly(1, 0);
  }

  /** Rescaled weights, with gradients rescaled against them, climb by rescaled steps. */
  @Test
  void asamDoesNotSeeTheScaleOfALayer() {
    Asam asam = Contrib.asam(Optimizers.sgd(1), 0.3).eta(0);
    Stepper<?> plain = Stepper.of(asam, tree(1, -2));
    Stepper<?> scaled = Stepper.of(asam, tree(8, -0.25));
    plain.step(tree(3, 4));
    scaled.step(tree(3.0 / 8, 4 * 8));
    assertThat(numbers(scaled.params())[0])
        .isCloseTo(8 * numbers(plain.params())[0], within(1e-12));
    assertThat(numbers(scaled.params())[1])
        .isCloseTo(numbers(plain.params())[1] / 8, within(1e-12));
  }

  @Test
  void acpropFollowsItsPaper() {
    double[] m = new double[3];
    double[] v = new double[3];
    compare(
        Contrib.acprop(0.01).b1(0.8).b2(0.95).eps(1e-8).epsRoot(0).floor(0.5),
        (x, g, t) -> {
          for (int i = 0; i < 3; i++) {
            double s = t == 1 ? 1 : v[i] / (1 - Math.pow(0.95, t - 1));
            v[i] = 0.95 * v[i] + 0.05 * Math.pow(g[i] - m[i], 2);
            m[i] = 0.8 * m[i] + 0.2 * g[i];
            x[i] -= 0.01 * g[i] / (Math.sqrt(Math.max(s, 0.5)) + 1e-8);
          }
        });
  }

  /** Where the original's parameters are at 9e5 after zero gradients. */
  @Test
  void aFloorKeepsAcpropsSecondStepSmall() {
    Stepper<?> plain = Stepper.of(Contrib.acprop(0.1), tree(1));
    Stepper<?> floored = Stepper.of(Contrib.acprop(0.1).floor(1e-4), tree(1));
    for (Stepper<?> each : List.of(plain, floored)) {
      each.step(tree(0));
      each.step(tree(1));
    }
    assertThat(numbers(plain.params())[0]).isLessThan(-1e5);
    assertThat(numbers(floored.params())[0]).isCloseTo(-9, within(1e-6));
  }

  /** Algorithm 1 of the paper, with its schedules of alpha and b3. */
  @Test
  void ademamixFollowsItsPaper() {
    double[][] s = new double[3][3];
    compare(
        Contrib.ademamix(0.01)
            .b3(Schedules.ademamixB3Schedule(0.9, 0.999, 20))
            .alpha(Schedules.ademamixAlphaSchedule(4, 20))
            .weightDecay(0.1),
        (x, g, t) -> {
          double share = Math.min(1, t / 20.0);
          double b3 =
              Math.min(
                  Math.exp(
                      Math.log(0.9)
                          * Math.log(0.999)
                          / ((1 - share) * Math.log(0.999) + share * Math.log(0.9))),
                  0.999);
          for (int i = 0; i < 3; i++) {
            s[0][i] = 0.9 * s[0][i] + 0.1 * g[i];
            s[1][i] = b3 * s[1][i] + (1 - b3) * g[i];
            s[2][i] = 0.999 * s[2][i] + 0.001 * g[i] * g[i];
            double top = s[0][i] / (1 - Math.pow(0.9, t)) + 4 * share * s[1][i];
            double bottom = Math.sqrt(s[2][i] / (1 - Math.pow(0.999, t))) + 1e-8;
            x[i] -= 0.01 * (top / bottom + 0.1 * x[i]);
          }
        });
  }

  /** Where the original is NaN: g / eps overflows in the first step. */
  @Test
  void adoptSurvivesAHugeFirstGradient() {
    for (DType type : List.of(DType.FLOAT32, DType.FLOAT16)) {
      Tree start = Tree.of("w", Tensor.of(type, new double[] {1, 2}, 2));
      Tree huge =
          Tree.of("w", Tensor.of(type, new double[] {type == DType.FLOAT16 ? 6e4 : 1e33, 1}, 2));
      Stepper<?> stepper = Stepper.of(Contrib.adopt(0.1).useClipping(false), start);
      stepper.step(huge);
      assertThat(numbers(stepper.params())).containsExactly(1, 2);
      stepper.step(start);
      assertThat(numbers(stepper.params())).doesNotContain(Double.NaN, 2.0);
    }
    assertThatThrownBy(() -> Contrib.adopt(0.1).eps(0))
        .hasMessage("eps must be positive, but was 0.0");
  }

  /** Algorithm 1 of the paper. */
  @Test
  void dogFollowsItsPaper() {
    double[] start = {3, -1, 2};
    double[] sums = {0, 0.1 * (1 + Math.sqrt(14))};
    compare(
        Contrib.dog().initStep(InitStep.heuristic(0.1)),
        (x, g, t) -> {
          for (int i = 0; i < 3; i++) {
            sums[0] += g[i] * g[i];
          }
          double distance = 0;
          for (int i = 0; i < 3; i++) {
            distance += Math.pow(x[i] - start[i], 2);
          }
          sums[1] = Math.max(sums[1], Math.sqrt(distance));
          for (int i = 0; i < 3; i++) {
            x[i] -= sums[1] / Math.sqrt(sums[0] + 1e-8) * g[i];
          }
        });
  }

  /** Where the original's bfloat16 never moves, and a zero float16 gradient gives NaN. */
  @ParameterizedTest
  @EnumSource(names = {"BFLOAT16", "FLOAT16", "FLOAT32"})
  void distancesGrowInAnyType(DType type) {
    for (GradientTransformation<?> optimizer :
        List.of(
            Contrib.dog().initStep(InitStep.heuristic(0.01)),
            Contrib.dowg().initEstimSqDist(0.01))) {
      Tree start = Tree.of("w", Tensor.of(type, new double[] {1, 2}, 2));
      Stepper<?> stepper = Stepper.of(Transforms.masterWeights(optimizer), start);
      stepper.step(start.times(0).as(start.structure()).evaluate());
      assertThat(numbers(stepper.params())).containsExactly(1, 2);
      for (int i = 0; i < 100; i++) {
        stepper.step(stepper.params());
      }
      assertThat(numbers(stepper.params())[1]).isBetween(-0.5, 0.5);
    }
  }

  @Test
  void aNanLeavesTheDistancesAsTheyWere() {
    Stepper<?> stepper = Stepper.of(Contrib.dog(), tree(1, 2));
    stepper.step(tree(1, 1));
    double sum = stepper.scalar("sumSqNormGrads");
    stepper.step(tree(Double.NaN, 1));
    assertThat(stepper.scalar("sumSqNormGrads")).isEqualTo(sum);
    assertThat(stepper.scalar("maxDist")).isFinite();
  }

  @Test
  void initStepsAreChecked() {
    assertThatThrownBy(() -> InitStep.distance(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("initStep value must be positive, but was 0.0");
    assertThat(InitStep.learningRate(0.1).rule()).isEqualTo(Dog.Rule.LEARNING_RATE);
  }

  /** x0 must not move with the parameters that are stepped in place. */
  @Test
  void madgradRemembersWhereItStarted() {
    double[] start = {3, -1, 2};
    double[] s = new double[3];
    double[] v = new double[3];
    compare(
        Contrib.madgrad(0.1).weightDecay(0.01).momentum(0.8),
        (x, g, t) -> {
          double k = (0.1 + 1e-6) * Math.sqrt(t);
          for (int i = 0; i < 3; i++) {
            double decayed = g[i] + 0.01 * x[i];
            s[i] += k * decayed;
            v[i] += k * decayed * decayed;
            x[i] = 0.8 * x[i] + 0.2 * (start[i] - s[i] / (Math.cbrt(v[i]) + 1e-6));
          }
        });
  }
}
