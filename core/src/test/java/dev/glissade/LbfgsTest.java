package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.optimizer.Optimizers;
import org.junit.jupiter.api.Test;

class LbfgsTest {
  /** The sum of 100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2. */
  private static ValueAndGradients rosenbrock(Tree at, int i) {
    double[] x = at.get("x").toDoubles();
    double[] g = new double[x.length];
    double sum = 0;
    for (int k = 0; k + 1 < x.length; k++) {
      double off = x[k + 1] - x[k] * x[k];
      sum += 100 * off * off + (1 - x[k]) * (1 - x[k]);
      g[k] += -400 * x[k] * off - 2 * (1 - x[k]);
      g[k + 1] += 200 * off;
    }
    return new ValueAndGradients(sum, Tree.of("x", Tensor.of(g)));
  }

  @Test
  void findsTheMinimumOfRosenbrock() {
    Stepper<?> stepper =
        Stepper.of(Optimizers.lbfgs(), Tree.of("x", Tensor.of(new double[] {-1.2, 1})));
    int[] calls = {0};
    LossFunction loss =
        (at, i) -> {
          calls[0]++;
          return rosenbrock(at, i);
        };
    double value = Double.NaN;
    for (int step = 0; step < 60; step++) {
      value = stepper.stepAgain(loss);
      if (value < 1e-18) {
        break;
      }
    }
    assertThat(calls[0]).isLessThan(60);
    assertThat(value).isLessThan(1e-18);
  }
}
