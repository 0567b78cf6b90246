package dev.glissade.combine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.Applied;
import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Averages of parameters against the formulas of the papers, in plain loops. */
class AveragesTest {
  private static final int STEPS = 23;
  private static final double RATE = 0.1;

  private static Tree tree(double[] numbers) {
    return Tree.of("w", Tensor.of(DType.FLOAT64, numbers, numbers.length));
  }

  /** The average of the parameters x[0], x[1], ..., x[t], of which x[0] are the first. */
  private interface Expected {
    double[] of(List<double[]> x);
  }

  private static double[] mean(List<double[]> all) {
    double[] mean = new double[all.get(0).length];
    for (double[] one : all) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += one[i] / all.size();
      }
    }
    return mean;
  }

  /** Follows descent, which the wrapper must not disturb, in place and not. */
  private static <S> void follow(GradientTransformation<S> wrapper, Expected expected) {
    Random random = new Random(5);
    double[] x = random.doubles(4).toArray();
    List<double[]> all = new ArrayList<>(List.of(x.clone()));
    Stepper<S> stepper = Stepper.of(wrapper, tree(x));
    Applied<S> now = new Applied<>(tree(x), wrapper.init(tree(x)));
    assertAverage(stepper.evalParams(), expected.of(all));
    for (int t = 1; t <= STEPS; t++) {
      double[] g = random.doubles(4).map(u -> 2 * u - 1).toArray();
      stepper.step(tree(g));
      now = wrapper.apply(tree(g), now.state(), now.params());
      for (int i = 0; i < x.length; i++) {
        x[i] -= RATE * g[i];
      }
      all.add(x.clone());
      assertAverage(stepper.params(), x);
      assertAverage(stepper.evalParams(), expected.of(all));
      assertAverage(wrapper.evalParams(now.state(), now.params()).evaluate(), expected.of(all));
    }
  }

  private static void assertAverage(Tree have, double[] want) {
    assertThat(have.get("w").toDoubles()).containsExactly(want, offset(1e-12));
  }

  @Test
  void ema() {
    double decay = 0.7;
    follow(
        Transforms.paramsEma(Optimizers.sgd(RATE), decay),
        x -> {
          double weights = 0;
          double[] sum = new double[x.get(0).length];
          for (int t = 1; t < x.size(); t++) {
            double weight = Math.pow(decay, x.size() - 1 - t);
            weights += weight;
            for (int i = 0; i < sum.length; i++) {
              sum[i] += weight * x.get(t)[i];
            }
          }
          double all = weights;
          return x.size() == 1 ? x.get(0) : Arrays.stream(sum).map(s -> s / all).toArray();
        });
    follow(
        Transforms.paramsEma(Optimizers.sgd(RATE), decay).debias(false),
        x -> {
          double[] average = x.get(0).clone();
          for (double[] next : x.subList(1, x.size())) {
            for (int i = 0; i < average.length; i++) {
              average[i] = decay * average[i] + (1 - decay) * next[i];
            }
          }
          return average;
        });
  }

  @Test
  void swa() {
    for (int start : new int[] {0, 1, 5}) {
      for (int period : new int[] {1, 4}) {
        follow(
            Transforms.swa(Optimizers.sgd(RATE), start, period),
            x -> {
              List<double[]> ends = new ArrayList<>();
              for (int t = start; t < x.size(); t += period) {
                ends.add(x.get(t));
              }
              return ends.isEmpty() ? x.get(x.size() - 1) : mean(ends);
            });
      }
    }
  }

  @Test
  void lawa() {
    for (int k : new int[] {1, 3}) {
      for (int period : new int[] {1, 4}) {
        follow(
            Transforms.lawa(Optimizers.sgd(RATE), k, period),
            x -> {
              List<double[]> latest = new ArrayList<>();
              for (int t = period; t < x.size(); t += period) {
                latest.add(x.get(t));
              }
              int from = Math.max(0, latest.size() - k);
              return latest.isEmpty()
                  ? x.get(x.size() - 1)
                  : mean(latest.subList(from, latest.size()));
            });
      }
    }
  }

  /** In small types the average is of the rounded parameters, and not rounded itself. */
  @ParameterizedTest
  @EnumSource(names = {"BFLOAT16", "FLOAT16"})
  void theAverageOfSmallTypesIsFloat32(DType type) {
    Tree start = Tree.of("w", Tensor.of(type, new double[] {1, -2}, 2));
    Stepper<?> stepper = Stepper.of(Transforms.swa(Optimizers.sgd(0.1), 0, 1), start);
    List<double[]> all = new ArrayList<>(List.of(start.get("w").toDoubles()));
    for (int i = 0; i < 6; i++) {
      stepper.step(Tree.of("w", Tensor.of(type, new double[] {0.3, 0.7}, 2)));
      all.add(stepper.params().get("w").toDoubles());
    }
    assertThat(stepper.tree("average").get("w").dtype()).isEqualTo(DType.FLOAT32);
    assertThat(stepper.tree("average").get("w").toDoubles())
        .containsExactly(mean(all), offset(1e-6));
    assertThat(stepper.evalParams().structure()).isEqualTo(start.structure());
  }

  /** Between two averages nothing of the average is read or written. */
  @Test
  void aStepBetweenTwoAveragesCostsNoMore() {
    Tree start = Tree.of("w", Tensor.of(new float[1000]));
    GradientTransformation<?> sgd = Optimizers.sgd(0.1);
    for (GradientTransformation<?> rare :
        List.of(Transforms.swa(sgd, 0, 5), Transforms.lawa(sgd, 3, 5))) {
      Stepper<?> stepper = Stepper.of(rare, start);
      stepper.step(start);
      assertThat(stepper.explain()).contains("12.0 bytes per parameter in all");
      for (int i = 0; i < 4; i++) {
        stepper.step(start);
      }
      assertThat(stepper.explain()).doesNotContain("12.0 bytes per parameter in all");
    }
  }

  /** A NaN gradient reaches the slow weights at the next synchronization, not before. */
  @Test
  void lookaheadKeepsTheSlowWeightsUntilItSynchronizes() {
    Stepper<?> stepper =
        Stepper.of(Transforms.lookahead(Optimizers.sgd(RATE), 3, 0.5), tree(new double[] {1, 2}));
    stepper.step(tree(new double[] {1, 1}));
    stepper.step(tree(new double[] {Double.NaN, 1}));
    assertThat(stepper.evalParams().get("w").toDoubles()).containsExactly(1, 2);
    assertThat(stepper.scalar("stepsSinceSync")).isEqualTo(2);
    stepper.step(tree(new double[] {1, 1}));
    assertThat(stepper.evalParams().get("w").toDoubles()[0]).isNaN();
    assertThat(stepper.evalParams().get("w").get(1)).isCloseTo(2 - 0.5 * 0.3, offset(1e-15));
    assertThat(stepper.params().get("w").get(1)).isEqualTo(stepper.evalParams().get("w").get(1));
  }

  /** A step size of 0 leaves the slow weights alone, and the fast ones return to them. */
  @Test
  void lookaheadOfNoStepSizeReturns() {
    Stepper<?> stepper =
        Stepper.of(Transforms.lookahead(Optimizers.sgd(RATE), 2, 0), tree(new double[] {1, 2}));
    stepper.step(tree(new double[] {Double.NaN, 1}));
    stepper.step(tree(new double[] {1, 1}));
    assertThat(stepper.params().get("w").toDoubles()).containsExactly(1, 2);
  }

  @Test
  void wrongArgumentsAreRefused() {
    GradientTransformation<?> sgd = Optimizers.sgd(1);
    assertThatThrownBy(() -> Transforms.lookahead(sgd, 0, 0.5))
        .hasMessage("syncPeriod must be at least 1, but was 0");
    assertThatThrownBy(() -> Transforms.lookahead(sgd, 1, 1.5))
        .hasMessage("slowStepSize must be in [0, 1], but was 1.5");
    assertThatThrownBy(() -> Transforms.lookahead(sgd, 1, Double.NaN))
        .hasMessageContaining("but was NaN");
    assertThatThrownBy(() -> Transforms.paramsEma(sgd, 1))
        .hasMessage("decay must be in [0, 1), but was 1.0");
    assertThatThrownBy(() -> Transforms.swa(sgd, -1, 1))
        .hasMessage("start must be at least 0, but was -1");
    assertThatThrownBy(() -> Transforms.lawa(sgd, 0, 1))
        .hasMessage("k must be at least 1, but was 0");
  }
}
