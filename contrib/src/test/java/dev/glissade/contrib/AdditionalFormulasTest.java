package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.Applied;
import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.testing.Numbers;
import dev.glissade.testing.Problem;
import dev.glissade.transform.Transforms;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each algorithm that Optax does not have, over some steps from the start, against the formula of
 * its paper in plain loops.
 */
class AdditionalFormulasTest {
  private static final int STEPS = 14;
  private static final double RATE = 0.05;
  private static final double B1 = 0.7;
  private static final double B2 = 0.85;
  private static final double EPS = 0.01;

  /** The elements of each of the two leaves. */
  private static final int[][] LEAVES = {{0, 1, 2, 3, 4}, {5, 6, 7}};

  private static final int SIZE = 8;

  private final double[][] gradients = gradients();
  private final double[] start = draw(new Random(1), 1);

  private static double[] draw(Random random, double size) {
    return random.doubles(SIZE, -size, size).toArray();
  }

  /** Gradients with a drift, some of which are 0. */
  private static double[][] gradients() {
    Random random = new Random(2);
    double[][] all = new double[STEPS][];
    for (int t = 0; t < STEPS; t++) {
      all[t] = draw(random, 1);
      for (int i = 0; i < SIZE; i++) {
        all[t][i] += i % 2 == 0 ? 0.4 : -0.2;
      }
      all[t][t % SIZE] = 0;
    }
    return all;
  }

  private static Tree tree(double[] x) {
    return Tree.of(
        "a", Tensor.of(Arrays.copyOf(x, 5)), "b", Tensor.of(Arrays.copyOfRange(x, 5, SIZE)));
  }

  private static double[] numbers(Tree tree) {
    return tree.flatten().toDoubles();
  }

  /** One step of the reference: changes x by the gradient g. */
  private interface Reference {
    void step(double[] x, double[] g, int t);
  }

  private <S> void assertFollows(GradientTransformation<S> optimizer, Reference reference) {
    double[] x = start.clone();
    Stepper<S> stepper = Stepper.of(optimizer, tree(start));
    Applied<S> functional = new Applied<>(tree(start), optimizer.init(tree(start)));
    for (int t = 1; t <= STEPS; t++) {
      Tree g = tree(gradients[t - 1]);
      stepper.step(g);
      functional = optimizer.apply(g, functional.state(), functional.params());
      reference.step(x, gradients[t - 1], t);
      assertThat(numbers(stepper.params())).as("step %d", t).containsExactly(x, offset(1e-12));
      assertThat(numbers(functional.params())).as("step %d", t).containsExactly(x, offset(1e-12));
    }
  }

  @ParameterizedTest
  @CsvSource({"0.85, 0", "0.85, 0.3", "0, 0"})
  void laprop(double b2, double decay) {
    double[] n = new double[SIZE];
    double[] m = new double[SIZE];
    LaProp laprop =
        Contrib.laprop(RATE).b1(B1).b2(b2).eps(EPS).weightDecay(new ConstantSchedule(decay));
    assertFollows(
        laprop,
        (x, g, t) -> {
          for (int i = 0; i < SIZE; i++) {
            n[i] = b2 * n[i] + (1 - b2) * g[i] * g[i];
            double root = Math.sqrt(n[i] / (1 - Math.pow(b2, t)));
            m[i] = B1 * m[i] + (1 - B1) * g[i] / (root + EPS);
            x[i] -= RATE * (m[i] / (1 - Math.pow(B1, t)) + decay * x[i]);
          }
        });
  }

  @ParameterizedTest
  @CsvSource({"0.5, 0.4", "100, 0"})
  void mars(double clip, double decay) {
    double gamma = 0.3;
    double[] before = gradients[0].clone();
    double[] c = new double[SIZE];
    double[] m = new double[SIZE];
    double[] v = new double[SIZE];
    Mars mars =
        Contrib.mars(RATE)
            .b1(B1)
            .b2(B2)
            .eps(EPS)
            .gamma(gamma)
            .clipThreshold(clip)
            .weightDecay(new ConstantSchedule(decay));
    assertFollows(
        mars,
        (x, g, t) -> {
          double sum = 0;
          for (int i = 0; i < SIZE; i++) {
            c[i] = g[i] + gamma * B1 / (1 - B1) * (g[i] - before[i]);
            before[i] = g[i];
            sum += c[i] * c[i];
          }
          double norm = Math.sqrt(sum);
          for (int i = 0; i < SIZE; i++) {
            double cc = norm > clip ? c[i] / norm * clip : c[i];
            m[i] = B1 * m[i] + (1 - B1) * cc;
            v[i] = B2 * v[i] + (1 - B2) * cc * cc;
            double mHat = m[i] / (1 - Math.pow(B1, t));
            double vHat = v[i] / (1 - Math.pow(B2, t));
            x[i] -= RATE * (mHat / (Math.sqrt(vHat) + EPS) + decay * x[i]);
          }
        });
  }

  /** In front of gradient descent, with a correction that is larger than the gradient. */
  @Test
  void marsGradient() {
    double[] before = gradients[0].clone();
    MarsGradient mars = new MarsGradient(B1, 3, 1000);
    assertFollows(
        Transforms.chain(mars, Optimizers.sgd(RATE)),
        (x, g, t) -> {
          for (int i = 0; i < SIZE; i++) {
            x[i] -= RATE * (g[i] + 3 * B1 / (1 - B1) * (g[i] - before[i]));
            before[i] = g[i];
          }
        });
  }

  @Test
  void grokfastEma() {
    double[] h = gradients[0].clone();
    assertFollows(
        Transforms.chain(new GrokfastEma(0.9, 3), Optimizers.sgd(RATE)),
        (x, g, t) -> {
          for (int i = 0; i < SIZE; i++) {
            h[i] = 0.9 * h[i] + 0.1 * g[i];
            x[i] -= RATE * (g[i] + 3 * h[i]);
          }
        });
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 0", "1, 2, 0", "0, 2, 2", "0, 0, 0"})
  void ftrl(double beta, double l1, double l2) {
    double[] z = new double[SIZE];
    double[] n = new double[SIZE];
    int[] zeros = new int[1];
    assertFollows(
        new Ftrl(RATE, beta, l1, l2),
        (x, g, t) -> {
          for (int i = 0; i < SIZE; i++) {
            double sigma = (Math.sqrt(n[i] + g[i] * g[i]) - Math.sqrt(n[i])) / RATE;
            z[i] += g[i] - sigma * x[i];
            n[i] += g[i] * g[i];
            double shrunk = z[i] - Math.signum(z[i]) * l1;
            boolean small = Math.abs(z[i]) <= l1;
            x[i] = small ? 0 : -shrunk / ((beta + Math.sqrt(n[i])) / RATE + l2);
            zeros[0] += small ? 1 : 0;
          }
        });
    assertThat(zeros[0] > 3).as("the penalty makes zeros").isEqualTo(l1 > 0);
  }

  /** Parameters that an L1 penalty makes 0 are exactly 0, not about. */
  @Test
  void ftrlMakesZeros() {
    Stepper<?> stepper = Stepper.of(new Ftrl(RATE, 1, 100, 0), tree(start).times(1 / 3.0));
    stepper.step(tree(gradients[0]));
    assertThat(numbers(stepper.params())).containsOnly(0);
    stepper = Stepper.of(Contrib.ftrl(RATE), tree(new double[SIZE]));
    stepper.step(tree(gradients[0]));
    assertThat(numbers(stepper.params())[0]).as("no gradient").isZero();
  }

  @Test
  void cautious() {
    double[] m = new double[SIZE];
    double[] u = new double[SIZE];
    int[] masked = new int[1];
    assertFollows(
        Contrib.cautious(Optimizers.sgd(RATE).momentum(0.9)),
        (x, g, t) -> {
          for (int i = 0; i < SIZE; i++) {
            m[i] = g[i] + 0.9 * m[i];
            u[i] = -RATE * m[i];
          }
          for (int[] leaf : LEAVES) {
            double agreeing = Arrays.stream(leaf).filter(i -> u[i] * g[i] < 0).count();
            masked[0] += leaf.length - (int) agreeing;
            for (int i : leaf) {
              double mask = u[i] * g[i] < 0 ? 1 : 0;
              x[i] += u[i] * mask / Math.max(agreeing / leaf.length, 1e-3);
            }
          }
        });
    assertThat(masked[0]).isGreaterThan(STEPS);
  }

  /** A share of 1 in 5 counts as the least share. */
  @Test
  void aCautiousStepIsBounded() {
    Cautious cautious = new Cautious(Optimizers.sgd(1).momentum(0.5), 0.5);
    Tree params = tree(new double[SIZE]);
    Stepper<?> stepper = Stepper.of(cautious, params);
    stepper.step(tree(new double[] {4, 4, 4, 4, 4, 4, 4, 4}));
    double[] before = numbers(stepper.params());
    stepper.step(tree(new double[] {-1, -1, 2, -1, -1, -1, -1, -1}));
    double[] after = numbers(stepper.params());
    assertThat(after[2] - before[2]).isEqualTo(-(2 + 0.5 * 4) / 0.5, offset(1e-12));
    assertThat(after[0]).isEqualTo(before[0]);
    assertThat(after[5]).as("a leaf without agreement").isEqualTo(before[5]);
  }

  /** Of AdamW, whose updates one pass writes for the next. */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64", "BFLOAT16", "FLOAT16"})
  void aCautiousStepInPlaceEqualsAFunctionalOne(DType dtype) {
    Cautious cautious = Contrib.cautious(Optimizers.adamw(RATE));
    Tree params = Problem.params(dtype);
    Stepper<?> stepper = Stepper.of(cautious, params);
    var now = new Applied<>(params, cautious.init(params));
    for (int t = 0; t < STEPS; t++) {
      Tree g = Problem.gradients(cautious, dtype, t);
      stepper.step(g);
      now = cautious.apply(g, now.state(), now.params());
    }
    assertThat(Numbers.of(stepper.params())).isEqualTo(Numbers.of(now.params()));
    assertThat(Numbers.of(stepper.state())).isEqualTo(Numbers.of(now.state()));
  }

  /** In float32 the product of update and gradient would be 0. */
  @Test
  void signsOfSmallNumbersAreCompared() {
    Tree x = Tree.of("w", Tensor.of(new float[] {1e-25f, -1e-25f}));
    Tree small = Tree.of("w", Tensor.of(new float[] {1e-25f, 1e-25f}));
    Stepper<?> stepper = Stepper.of(Contrib.cautious(Optimizers.sgd(1)), x.zeros().evaluate());
    stepper.step(small);
    assertThat(stepper.params().get("w").toFloats()).containsExactly(-1e-25f, -1e-25f);
    AddCautiousWeightDecay decay = Contrib.addCautiousWeightDecay(1);
    Tree u = decay.update(small, decay.init(x), x).updates();
    assertThat(u.get("w").toFloats()).containsExactly(2e-25f, 1e-25f);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void cautiousWeightDecay(boolean all) {
    double[] m = new double[SIZE];
    AddCautiousWeightDecay decay = Contrib.addCautiousWeightDecay(count -> 0.5 + count / 8);
    GradientTransformation<?> optimizer =
        Transforms.chain(
            Transforms.ema(B1).debias(false),
            all ? decay : decay.mask(path -> path.equals("a")),
            Transforms.scaleByLearningRate(RATE));
    assertFollows(
        optimizer,
        (x, g, t) -> {
          for (int i = 0; i < SIZE; i++) {
            m[i] = B1 * m[i] + (1 - B1) * g[i];
            boolean decays = m[i] * x[i] >= 0 && (all || i < 5);
            x[i] -= RATE * (m[i] + (decays ? (0.5 + (t - 1) / 8.0) * x[i] : 0));
          }
        });
  }

  @Test
  void noDecayTakesNothingOfTheParameters() {
    Tree infinite = Tree.of("w", Tensor.of(new double[] {1 / 0.0}));
    Tree one = Tree.of("w", Tensor.of(new double[] {1}));
    AddCautiousWeightDecay none = Contrib.addCautiousWeightDecay(0);
    assertThat(none.update(one, none.init(infinite), infinite).updates().get("w").get(0))
        .isEqualTo(1);
  }

  @Test
  void defaultsAreTheDocumentedOnes() {
    assertThat(ScaleByLaprop.defaults()).isEqualTo(new ScaleByLaprop(0.9, 0.999, 1e-15));
    assertThat(MarsGradient.defaults()).isEqualTo(new MarsGradient(0.95, 0.025, 1));
    assertThat(Contrib.mars(1).b2()).isEqualTo(0.99);
    assertThat(GrokfastEma.defaults()).isEqualTo(new GrokfastEma(0.98, 2));
    assertThat(Ftrl.of(1)).isEqualTo(new Ftrl(1, 1, 0, 0));
    assertThat(Contrib.cautious(Optimizers.sgd(1)).leastShare()).isEqualTo(1e-3);
  }

  /** What 16-bit gradients leave in the state is float32. */
  @Test
  void statesOf16BitsAreFloat32() {
    Tree half = Tree.of("w", Tensor.of(DType.BFLOAT16, new double[] {1.5}, 1));
    List<GradientTransformation<?>> all =
        List.of(Contrib.grokfastEma(), Contrib.marsGradient(), Contrib.ftrl(0.1));
    for (GradientTransformation<?> one : all) {
      Stepper<?> stepper = Stepper.of(one, half);
      stepper.step(half);
      String name = one instanceof Ftrl ? "z" : one instanceof GrokfastEma ? "h" : "lastGrad";
      assertThat(stepper.tree(name).get("w").dtype()).isEqualTo(DType.FLOAT32);
    }
  }
}
