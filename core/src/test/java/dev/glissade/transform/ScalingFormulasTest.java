package dev.glissade.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.DType;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.ScaleByAdadelta.ScaleByAdaDeltaState;
import dev.glissade.transform.ScaleByAdam.ScaleByAdamState;
import dev.glissade.transform.ScaleByAdan.ScaleByAdanState;
import dev.glissade.transform.ScaleByAmsgrad.ScaleByAmsgradState;
import dev.glissade.transform.ScaleByBelief.ScaleByBeliefState;
import dev.glissade.transform.ScaleByLion.LionMode;
import dev.glissade.transform.ScaleByLion.ScaleByLionState;
import dev.glissade.transform.ScaleByOptimisticGradient.ScaleByOptimisticGradientState;
import dev.glissade.transform.ScaleByRprop.ScaleByRpropState;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One step from any state, with options that are large, against the formula in plain loops: what
 * the recorded cases, which start from zero with small options, leave open.
 */
class ScalingFormulasTest {
  private static final int SIZE = 7;
  private static final double B1 = 0.6;
  private static final double B2 = 0.8;
  private static final double EPS = 0.3;
  private static final double ROOT = 0.2;

  private final Random random = new Random(4);
  private final double[] g = draw(0);
  private final double[] m = draw(0);
  private final double[] v = draw(0.1);

  private double[] draw(double least) {
    return DoubleStream.generate(random::nextGaussian)
        .map(number -> least > 0 ? Math.abs(number) + least : number)
        .limit(SIZE)
        .toArray();
  }

  private static Tree tree(double[] numbers) {
    return Tree.of("w", Tensor.of(numbers));
  }

  private static void assertThatEach(Tree tree, IntToDoubleFunction expected) {
    double[] numbers = IntStream.range(0, SIZE).mapToDouble(expected).toArray();
    assertThat(tree.get("w").toDoubles()).containsExactly(numbers, offset(1e-12));
  }

  private static double mean(double decay, double before, double now) {
    return decay * before + (1 - decay) * now;
  }

  private double mu(int i) {
    return mean(B1, m[i], g[i]);
  }

  private double nu(int i) {
    return mean(B2, v[i], g[i] * g[i]);
  }

  /** The first moment without bias, at step t. */
  private double hat(int i, double t, boolean nesterov) {
    double ahead = B1 * mu(i) / (1 - Math.pow(B1, t + 1)) + (1 - B1) * g[i] / (1 - Math.pow(B1, t));
    return nesterov ? ahead : mu(i) / (1 - Math.pow(B1, t));
  }

  private ScaleByAdamState adamState(int count) {
    return new ScaleByAdamState(Scalar.of(count), tree(m), tree(v));
  }

  @Test
  void adamax() {
    ScaleByAdamax adamax = new ScaleByAdamax(B1, B2, EPS);
    Step<ScaleByAdamState> step = adamax.update(tree(g), adamState(2), tree(m));
    IntToDoubleFunction nu = i -> Math.max(Math.abs(g[i]) + EPS, B2 * v[i]);
    assertThatEach(step.state().mu(), this::mu);
    assertThatEach(step.state().nu(), nu);
    assertThatEach(step.updates(), i -> mu(i) / (1 - Math.pow(B1, 3)) / nu.applyAsDouble(i));
    assertThat(step.state().count().value()).isEqualTo(3);
    assertThat(ScaleByAdamax.defaults()).isEqualTo(new ScaleByAdamax(0.9, 0.999, 1e-8));
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void amsgrad(boolean first, boolean second) {
    double[] most = draw(0.1);
    ScaleByAmsgrad amsgrad = new ScaleByAmsgrad(B1, B2, EPS, ROOT, null, first, second);
    var state = new ScaleByAmsgradState(Scalar.of(2), tree(m), tree(v), tree(most));
    Step<ScaleByAmsgradState> step = amsgrad.update(tree(g), state, tree(m));
    IntToDoubleFunction nuMax =
        i -> Math.max(most[i], second ? nu(i) / (1 - Math.pow(B2, 3)) : nu(i));
    assertThatEach(step.state().mu(), this::mu);
    assertThatEach(step.state().nu(), this::nu);
    assertThatEach(step.state().nuMax(), nuMax);
    assertThatEach(
        step.updates(),
        i -> (first ? hat(i, 3, false) : mu(i)) / (Math.sqrt(nuMax.applyAsDouble(i) + ROOT) + EPS));
    assertThat(step.state().count().value()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void belief(boolean nesterov) {
    ScaleByBelief belief = new ScaleByBelief(B1, B2, EPS, ROOT, nesterov);
    var state = new ScaleByBeliefState(Scalar.of(2), tree(m), tree(v));
    Step<ScaleByBeliefState> step = belief.update(tree(g), state, tree(m));
    IntToDoubleFunction nu = i -> mean(B2, v[i], Math.pow(g[i] - mu(i), 2)) + ROOT;
    assertThatEach(step.state().mu(), this::mu);
    assertThatEach(step.state().nu(), nu);
    assertThatEach(
        step.updates(),
        i -> hat(i, 3, nesterov) / (Math.sqrt(nu.applyAsDouble(i) / (1 - Math.pow(B2, 3))) + EPS));
    assertThat(step.state().count().value()).isEqualTo(3);
  }

  @Test
  void yogi() {
    ScaleByYogi yogi = new ScaleByYogi(B1, B2, EPS, ROOT, 0.7);
    Step<ScaleByAdamState> step = yogi.update(tree(g), adamState(2), tree(m));
    IntToDoubleFunction nu = i -> v[i] - (1 - B2) * Math.signum(v[i] - g[i] * g[i]) * g[i] * g[i];
    assertThatEach(step.state().mu(), this::mu);
    assertThatEach(step.state().nu(), nu);
    assertThatEach(
        step.updates(),
        i ->
            hat(i, 3, false)
                / (Math.sqrt(nu.applyAsDouble(i) / (1 - Math.pow(B2, 3)) + ROOT) + EPS));
    assertThatEach(yogi.init(tree(g)).mu(), i -> 0.7);
    assertThatEach(yogi.init(tree(g)).nu(), i -> 0.7);
  }

  @ParameterizedTest
  @CsvSource({"2, true", "2, false", "30, true", "30, false"})
  void radam(int count, boolean nesterov) {
    double b2 = 0.9;
    double t = count + 1;
    ScaleByRadam radam = new ScaleByRadam(B1, b2, EPS, ROOT, 4.5, nesterov);
    Step<ScaleByAdamState> step = radam.update(tree(g), adamState(count), tree(m));
    double most = 2 / (1 - b2) - 1;
    double r = most - 2 * t * Math.pow(b2, t) / (1 - Math.pow(b2, t));
    assertThat(r >= 4.5).as("divided").isEqualTo(count == 30);
    double c = Math.sqrt((r - 4) * (r - 2) * most / ((most - 4) * (most - 2) * r));
    assertThatEach(
        step.updates(),
        i -> {
          double nuHat = mean(b2, v[i], g[i] * g[i]) / (1 - Math.pow(b2, t));
          double muHat = hat(i, t, nesterov);
          return count == 2 ? muHat : c * muHat / (Math.sqrt(nuHat + ROOT) + EPS);
        });
    assertThat(step.state().count().value()).isEqualTo(t);
  }

  /** The mean is never long enough where b2 is small. */
  @Test
  void radamMayNeverDivide() {
    ScaleByRadam radam = ScaleByRadam.defaults().b1(B1).b2(0.3);
    assertThatEach(
        radam.update(tree(g), adamState(99), tree(m)).updates(), i -> hat(i, 100, false));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void adan(int count) {
    double b3 = 0.7;
    double[] n = draw(0.1);
    double[] before = draw(0);
    ScaleByAdan adan = new ScaleByAdan(B1, B2, b3, EPS, ROOT);
    var state = new ScaleByAdanState(tree(m), tree(v), tree(n), tree(before), Scalar.of(count));
    Step<ScaleByAdanState> step = adan.update(tree(g), state, tree(m));
    IntToDoubleFunction d = i -> count == 0 ? 0 : g[i] - before[i];
    IntToDoubleFunction change = i -> mean(B2, v[i], d.applyAsDouble(i));
    IntToDoubleFunction square = i -> mean(b3, n[i], Math.pow(g[i] + B2 * d.applyAsDouble(i), 2));
    double t = count + 1;
    assertThatEach(step.state().m(), this::mu);
    assertThatEach(step.state().v(), change);
    assertThatEach(step.state().n(), square);
    assertThatEach(step.state().g(), i -> g[i]);
    assertThat(step.state().t().value()).isEqualTo(t);
    assertThatEach(
        step.updates(),
        i ->
            (hat(i, t, false) + B2 * change.applyAsDouble(i) / (1 - Math.pow(B2, t)))
                / (Math.sqrt(square.applyAsDouble(i) / (1 - Math.pow(b3, t)) + ROOT) + EPS));
  }

  @Test
  void adadelta() {
    double[] x = draw(0.1);
    ScaleByAdadelta adadelta = new ScaleByAdadelta(B2, EPS);
    var state = new ScaleByAdaDeltaState(tree(v), tree(x));
    Step<ScaleByAdaDeltaState> step = adadelta.update(tree(g), state, tree(m));
    IntToDoubleFunction u = i -> Math.sqrt(x[i] + EPS) / Math.sqrt(nu(i) + EPS) * g[i];
    assertThatEach(step.updates(), u);
    assertThatEach(step.state().eG(), this::nu);
    assertThatEach(step.state().eX(), i -> mean(B2, x[i], Math.pow(u.applyAsDouble(i), 2)));
  }

  /** Sizes that stay, grow, shrink and meet their bounds. */
  @Test
  void rprop() {
    double[] gradient = {0, 3, -3, 3, -3, 3, -1e-300};
    double[] before = {1, 1, 1, -1, -1, 0, 1};
    double[] sizes = {0.5, 0.5, 0.1, 0.2, 4, 0.2, 0.5};
    ScaleByRprop rprop = new ScaleByRprop(0.25, 0.5, 3, 0.15, 2);
    var state = new ScaleByRpropState(tree(sizes), tree(before));
    Step<ScaleByRpropState> step = rprop.update(tree(gradient), state, tree(g));
    double[] next = {0.5, 1.5, 0.15, 0.15, 2, 0.2, 0.25};
    double[] u = {0, -1.5, 0, 0, 2, -0.2, 0};
    assertThatEach(step.state().stepSizes(), i -> next[i]);
    for (int i = 0; i < u.length; i++) {
      assertThat(step.updates().get("w").get(i)).isEqualTo(u[i], offset(1e-15));
      assertThat(step.state().prevUpdates().get("w").get(i)).isEqualTo(-u[i], offset(1e-15));
    }
    assertThatEach(rprop.init(tree(g)).stepSizes(), i -> 0.25);
    assertThat(ScaleByRprop.of(1)).isEqualTo(new ScaleByRprop(1, 0.5, 1.2, 1e-6, 50));
  }

  @Test
  void lionsModes() {
    double b2 = 0.7;
    for (LionMode mode : LionMode.values()) {
      ScaleByLion lion = new ScaleByLion(B1, b2, null, mode, 2.5);
      var state = new ScaleByLionState(Scalar.of(1), tree(m));
      Step<ScaleByLionState> step = lion.update(tree(g), state, tree(m));
      assertThatEach(step.state().mu(), i -> mean(b2, m[i], g[i]));
      assertThatEach(
          step.updates(),
          i ->
              switch (mode) {
                case HARD -> Math.signum(mu(i));
                case SMOOTH -> Math.tanh(2.5 * mu(i));
                case REFINED -> Math.abs(mu(i)) < 1 ? mu(i) : Math.signum(mu(i));
              });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void optimisticGradient(int count) {
    ScaleByOptimisticGradient optimistic =
        new ScaleByOptimisticGradient(at -> at + 2, new ConstantSchedule(0.25));
    var state = new ScaleByOptimisticGradientState(Scalar.of(count), Scalar.of(1 - count), tree(m));
    Step<ScaleByOptimisticGradientState> step = optimistic.update(tree(g), state, tree(v));
    assertThatEach(
        step.updates(), i -> (count + 2) * g[i] + (count == 0 ? 0 : 0.25 * (g[i] - m[i])));
    assertThatEach(step.state().previousGradient(), i -> g[i]);
    assertThat(step.state().count().value()).isEqualTo(count + 1);
    assertThat(step.state().isInitialStep().value()).isZero();
    assertThat(optimistic.init(tree(g)).isInitialStep().value()).isEqualTo(1);
  }

  /** A moment in a type of its own is rounded once, after it has been used. */
  @Test
  void aMomentIsRoundedWhenItIsStored() {
    double before = 1.0078125; // is a bfloat16
    Tree stored = Tree.of("w", Tensor.of(DType.BFLOAT16, new double[] {before}, 1));
    Tree one = Tree.of("w", Tensor.of(new double[] {0.001}));
    double mu = mean(B1, before, 0.001);
    ScaleByAdam adam = ScaleByAdam.defaults().b1(B1).b2(0).eps(0).muDtype(DType.BFLOAT16);
    assertThat(adam.init(one).mu().get("w").dtype()).isEqualTo(DType.BFLOAT16);
    assertThat(adam.init(one).nu().get("w").dtype()).isEqualTo(DType.FLOAT64);
    var state = new ScaleByAdamState(Scalar.of(1e6), stored, one);
    Step<ScaleByAdamState> step = adam.update(one, state, one);
    assertThat(step.updates().get("w").get(0)).isEqualTo(mu / 0.001, offset(1e-9));
    assertThat(step.state().mu().get("w"))
        .hasToString(Tensor.of(DType.BFLOAT16, new double[] {mu}, 1).toString());
    Trace trace = Trace.of(0.5).accumulatorDtype(DType.FLOAT32);
    Tree third = Tree.of("w", Tensor.of(new double[] {1 / 3.0}));
    var traced = trace.update(third, trace.init(third), third);
    assertThat(traced.updates().get("w").get(0)).isEqualTo(1 / 3.0);
    assertThat(traced.state().trace().get("w").get(0)).isEqualTo(1 / 3f);
    Ema ema = Ema.of(0).debias(false).accumulatorDtype(DType.FLOAT32);
    var averaged = ema.update(third, ema.init(third), third);
    assertThat(averaged.updates().get("w").get(0)).isEqualTo(1 / 3.0);
    assertThat(averaged.state().ema().get("w").get(0)).isEqualTo(1 / 3f);
    ScaleByLion lion = ScaleByLion.defaults().b2(0).muDtype(DType.FLOAT32);
    assertThat(lion.update(third, lion.init(third), third).state().mu().get("w").get(0))
        .isEqualTo(1 / 3f);
  }
}
