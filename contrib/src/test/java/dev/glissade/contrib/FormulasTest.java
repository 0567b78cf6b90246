package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.Scalar;
import dev.glissade.ScalarVector;
import dev.glissade.Step;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.contrib.Cocob.COCOBState;
import dev.glissade.contrib.DAdaptAdamW.DAdaptAdamWState;
import dev.glissade.contrib.Mechanic.MechanicState;
import dev.glissade.contrib.Sam.SAMState;
import dev.glissade.optimizer.Optimizers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One step from any state, with options that are large, against the formula in plain loops: what
 * the recorded cases, which start from zero with small options, leave open.
 */
class FormulasTest {
  private static final int SIZE = 6;

  private static double[] draw(Random random, double least) {
    return DoubleStream.generate(random::nextGaussian)
        .map(number -> least > 0 ? Math.abs(number) + least : number)
        .limit(SIZE)
        .toArray();
  }

  private static Tree tree(double[] numbers) {
    return Tree.of("w", Tensor.of(numbers));
  }

  private static void assertClose(Tree tree, double[] numbers) {
    assertThat(tree.get("w").toDoubles()).containsExactly(numbers, offset(1e-12));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void cocob(long seed) {
    Random random = new Random(seed);
    double alpha = 1.5;
    double decay = 0.3;
    double rate = 0.5 + random.nextDouble();
    double[] g = draw(random, 0);
    double[] x = draw(random, 0);
    double[] x0 = draw(random, 0);
    double[] scale = draw(random, 0.1);
    double[] sum = draw(random, 0.1);
    double[] reward = draw(random, 0.1);
    double[] c = draw(random, 0);
    double[] u = new double[SIZE];
    COCOBState state =
        new COCOBState(
            tree(x0), tree(c), tree(scale), tree(sum), tree(reward), Scalar.of(random.nextInt(9)));
    Cocob cocob = Contrib.cocob(alpha, 0.25).weightDecay(decay).learningRate(rate);
    Step<COCOBState> step = cocob.update(tree(g), state, tree(x));
    for (int i = 0; i < SIZE; i++) {
      double h = rate * (g[i] + decay * x[i]);
      scale[i] = Math.max(scale[i], Math.abs(h));
      sum[i] += Math.abs(h);
      reward[i] = Math.max(reward[i] - h * (x[i] - x0[i]), 0);
      c[i] -= h;
      double bet = c[i] / (scale[i] * Math.max(sum[i] + scale[i], alpha * scale[i]));
      u[i] = x0[i] - x[i] + bet * (scale[i] + reward[i]);
    }
    assertClose(step.updates(), u);
    assertClose(step.state().scale(), scale);
    assertClose(step.state().subgradients(), sum);
    assertClose(step.state().reward(), reward);
    assertClose(step.state().cumulativeGradients(), c);
    COCOBState initial = cocob.init(tree(x));
    assertClose(initial.scale(), DoubleStream.generate(() -> 0.25).limit(SIZE).toArray());
    for (Tree zeros :
        List.of(initial.reward(), initial.subgradients(), initial.cumulativeGradients())) {
      assertClose(zeros, new double[SIZE]);
    }
    assertThat(Contrib.cocob().learningRate().at(5)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void dadaptAdamw(long seed) {
    Random random = new Random(seed);
    double[] g = draw(random, 0);
    double[] x = draw(random, 0);
    double[] m = draw(random, 0);
    double[] v = draw(random, 0.1);
    double[] s = draw(random, 0);
    double[] u = new double[SIZE];
    double b1 = 0.6;
    double b2 = 0.49;
    double sb = 0.7;
    double eps = 0.5;
    double decay = 0.2;
    double d = 0.3;
    double r = 5;
    int count = random.nextInt(4);
    DAdaptAdamW optimizer =
        Contrib.dadaptAdamw(2).betas(b1, b2).eps(eps).estimLr0(0.1).weightDecay(decay);
    DAdaptAdamWState state =
        new DAdaptAdamWState(
            tree(m), tree(v), tree(s), Scalar.of(d), Scalar.of(r), Scalar.of(count));
    Step<DAdaptAdamWState> step = optimizer.update(tree(g), state, tree(x));
    double t = count + 1;
    double dlr = d * 2 * Math.sqrt(1 - Math.pow(b2, t)) / (1 - Math.pow(b1, t));
    double inner = 0;
    double norm = 0;
    for (int i = 0; i < SIZE; i++) {
      inner += g[i] * s[i] / (Math.sqrt(v[i]) + eps);
      m[i] = b1 * m[i] + (1 - b1) * dlr * g[i];
      v[i] = b2 * v[i] + (1 - b2) * g[i] * g[i];
      s[i] = sb * s[i] + (1 - sb) * dlr * g[i];
      norm += Math.abs(s[i]);
      u[i] = -m[i] / (Math.sqrt(v[i]) + eps) - decay * dlr * x[i];
    }
    r = sb * r + (1 - sb) * dlr * inner;
    assertClose(step.updates(), u);
    assertClose(step.state().gradSum(), s);
    assertThat(step.state().numeratorWeighted().value()).isCloseTo(r, offset(1e-12));
    assertThat(step.state().estimLr().value())
        .isCloseTo(Math.max(d, r / ((1 - sb) * norm)), offset(1e-12));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void mechanic(long seed) {
    Random random = new Random(seed);
    int betas = 2;
    double[] g = draw(random, 0);
    double[] x = draw(random, 0);
    double[] x0 = draw(random, 0);
    double[] r = draw(random, 0.1);
    double[] m = draw(random, 0.1);
    double[] v = draw(random, 0.1);
    double[] s = draw(random, 0.1);
    double eps = 0.4;
    double decay = 0.7;
    Mechanic mechanic =
        Contrib.mechanize(Optimizers.sgd(0.5), decay, eps, 0.3, betas).relativeSInit(false);
    Object base = Optimizers.sgd(0.5).init(tree(x));
    MechanicState state =
        new MechanicState(
            base, Scalar.of(3), list(r, 2), list(m, 2), list(v, 2), list(s, 2), tree(x0));
    Step<MechanicState> step = mechanic.update(tree(g), state, tree(x));
    double sum = s[0] + s[1];
    double h = 0;
    double factor = decay * sum * norm(g) / (norm(x) + eps);
    for (int i = 0; i < SIZE; i++) {
      h += (g[i] + factor * x[i]) * (x0[i] - x[i]) / (sum + eps);
    }
    double next = 0;
    for (int i = 0; i < betas; i++) {
      double b = 1 - Math.pow(0.1, i + 1);
      double clamped = Math.max(-m[i], Math.min(m[i], h));
      r[i] = b * r[i] + clamped * s[i];
      m[i] = Math.max(b * m[i], Math.abs(h) + eps);
      v[i] = b * b * v[i] + h * h;
      s[i] = (0.3 / betas * m[i] + Math.max(0, r[i])) / (Math.sqrt(v[i]) + eps);
      next += s[i];
      assertThat(step.state().r().get(i).value()).isCloseTo(r[i], offset(1e-12));
      assertThat(step.state().m().get(i).value()).isCloseTo(m[i], offset(1e-12));
      assertThat(step.state().v().get(i).value()).isCloseTo(v[i], offset(1e-12));
      assertThat(step.state().s().get(i).value()).isCloseTo(s[i], offset(1e-12));
    }
    double[] u = new double[SIZE];
    for (int i = 0; i < SIZE; i++) {
      u[i] = x0[i] - next * ((x0[i] - x[i]) / (sum + eps) + 0.5 * g[i]) - x[i];
    }
    assertClose(step.updates(), u);
  }

  private static double norm(double[] numbers) {
    return Math.sqrt(DoubleStream.of(numbers).map(number -> number * number).sum());
  }

  private static ScalarVector list(double[] numbers, int count) {
    return ScalarVector.of(Arrays.copyOf(numbers, count));
  }

  /** Of f = w^2 / 2, whose gradient is w: each climb multiplies w by 1 + rho. */
  @Test
  void samClimbsByTheScheduleOfItsOuterSteps() {
    double[] rho = {0.5, 0.25};
    Sam sam =
        Contrib.sam(Optimizers.sgd(0.1), Optimizers.sgd(count -> rho[(int) count]))
            .syncPeriod(3)
            .opaqueMode(true);
    Extras extras = Extras.NONE.withGradientFunction((params, i) -> params);
    Tree w = tree(new double[] {1});
    SAMState state = sam.init(w);
    double expected = 1;
    for (double each : rho) {
      Step<SAMState> step = sam.update(w, state, w, extras);
      state = step.state();
      w = w.applyUpdates(step.updates());
      expected -= 0.1 * expected * (1 + each) * (1 + each);
      assertThat(w.get("w").get(0)).isCloseTo(expected, offset(1e-12));
      assertThat(state.stepsSinceSync().value()).isZero();
    }
  }

  /** Of one step a cycle has none to climb: no gradient function, and the adversary rests. */
  @Test
  void samOfPeriodOneIsTheOuterOptimizer() {
    Sam sam =
        Contrib.sam(Optimizers.sgd(0.1), Optimizers.sgd(count -> 1)).syncPeriod(1).opaqueMode(true);
    Tree w = tree(new double[] {1, -2});
    SAMState initial = sam.init(w);
    Step<SAMState> step = sam.update(w, initial, w);
    assertClose(step.updates(), new double[] {-0.1, 0.2});
    assertThat(step.state().advState()).hasToString(initial.advState().toString());
    assertThat(step.state().stepsSinceSync().value()).isZero();
  }

  /** Without decay a step does not look at the parameters, which 0 times infinity would show. */
  @Test
  void noDecayTakesNothingOfTheParameters() {
    Tree w = tree(new double[] {Double.POSITIVE_INFINITY, 1});
    Tree g = tree(new double[] {1, 1});
    Tree dadapt = Contrib.dadaptAdamw().update(g, Contrib.dadaptAdamw().init(w), w).updates();
    assertThat(dadapt.get("w").get(0)).isFinite();
    Tree prodigy = Contrib.prodigy().update(g, Contrib.prodigy().init(w), w).updates();
    assertThat(prodigy.get("w").get(0)).isFinite();
  }

  /** What was learned outlives a gradient that is not finite. */
  @Test
  void theNumeratorStaysWhereAGradientIsNotFinite() {
    Tree w = tree(new double[] {1, 2});
    Tree bad = tree(new double[] {Double.NaN, 1});
    DAdaptAdamWState before =
        new DAdaptAdamWState(
            w, w, tree(new double[] {1, 1}), Scalar.of(0.5), Scalar.of(3), Scalar.of(1));
    DAdaptAdamWState after = Contrib.dadaptAdamw().update(bad, before, w).state();
    assertThat(after.numeratorWeighted().value()).isEqualTo(3);
    assertThat(after.estimLr().value()).isEqualTo(0.5);
  }

  @Test
  void aGradientFunctionSeesParametersInTheirType() {
    Tree w = Tree.of("w", Tensor.of(DType.BFLOAT16, new double[] {1, 2}, 2));
    List<DType> seen = new ArrayList<>();
    Extras extras =
        Extras.NONE.withGradientFunction((at, i) -> {
          seen.add(at.get("w").dtype());
          return at;
        });
    Sam sam = Contrib.sam(Optimizers.sgd(0.1), Optimizers.sgd(0.5)).opaqueMode(true);
    Tree updates = sam.update(w, sam.init(w), w, extras).updates();
    assertThat(seen).containsOnly(DType.BFLOAT16).isNotEmpty();
    assertThat(updates.get("w").dtype()).isEqualTo(DType.FLOAT32);
  }
}
