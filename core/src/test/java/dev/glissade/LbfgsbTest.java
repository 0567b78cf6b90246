package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.optimizer.Optimizers;
import dev.glissade.projection.Projection;
import dev.glissade.projection.Projections;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LbfgsbTest {
  private interface Function {
    /** Returns the value, and writes the gradient. */
    double at(double[] x, double[] g);
  }

  /** A minimum and how it was found. */
  private record Found(double[] x, double value, int evaluations) {}

  private static Found minimum(Function f, double[] start, Projection bounds, int steps) {
    Stepper<?> stepper =
        Stepper.of(Optimizers.lbfgsb(bounds), Tree.of("x", Tensor.of(start.clone())));
    int[] evaluations = {0};
    LossFunction loss =
        (at, i) -> {
          double[] x = at.get("x").toDoubles();
          double[] g = new double[x.length];
          evaluations[0]++;
          return new ValueAndGradients(f.at(x, g), Tree.of("x", Tensor.of(g)));
        };
    double value = 0;
    for (int step = 0; step < steps; step++) {
      value = stepper.stepAgain(loss);
      Tree x = stepper.params();
      assertThat(bounds.of(x).evaluate().sameBits(x)).as("within the bounds").isTrue();
    }
    return new Found(stepper.params().get("x").toDoubles(), value, evaluations[0]);
  }

  /** The function of the first example that comes with the authors' code. */
  private static double rosenbrock25(double[] x, double[] g) {
    double f = 0.25 * (x[0] - 1) * (x[0] - 1);
    for (int i = 1; i < x.length; i++) {
      f += (x[i] - x[i - 1] * x[i - 1]) * (x[i] - x[i - 1] * x[i - 1]);
    }
    double t = x[1] - x[0] * x[0];
    g[0] = 2 * (x[0] - 1) - 16 * x[0] * t;
    for (int i = 1; i < x.length - 1; i++) {
      double before = t;
      t = x[i + 1] - x[i] * x[i];
      g[i] = 8 * before - 16 * x[i] * t;
    }
    g[x.length - 1] = 8 * t;
    return 4 * f;
  }

  @Test
  void findsTheMinimumOfTheAuthorsExample() {
    double[] lower = new double[25];
    double[] upper = new double[25];
    double[] start = new double[25];
    for (int i = 0; i < 25; i++) {
      lower[i] = i % 2 == 0 ? 1 : -100;
      upper[i] = 100;
      start[i] = 3;
    }
    Projection bounds =
        Projections.box(Tree.of("x", Tensor.of(lower)), Tree.of("x", Tensor.of(upper)));
    Found found = minimum(LbfgsbTest::rosenbrock25, start, bounds, 30);
    assertThat(found.value()).isLessThan(2e-9);
    assertThat(found.evaluations()).isLessThan(50);
  }

  @Test
  void stopsAtABound() {
    Function banana =
        (x, g) -> {
          double off = x[1] - x[0] * x[0];
          g[0] = -400 * x[0] * off - 2 * (1 - x[0]);
          g[1] = 200 * off;
          return 100 * off * off + (1 - x[0]) * (1 - x[0]);
        };
    Found found = minimum(banana, new double[] {-1.2, 0.2}, Projections.box(-2, 0.5), 60);
    assertThat(found.x()[0]).isCloseTo(0.5, within(1e-6));
    assertThat(found.x()[1]).isCloseTo(0.25, within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void findsTheMinimumOfAQuadraticWithinBounds(int seed) {
    int n = 12;
    SplittableRandom random = new SplittableRandom(seed);
    double[][] b = new double[n][n];
    double[] center = new double[n];
    for (int i = 0; i < n; i++) {
      center[i] = random.nextDouble(-2, 2);
      for (int j = 0; j < n; j++) {
        b[i][j] = random.nextDouble(-1, 1);
      }
    }
    Function quadratic =
        (x, g) -> {
          double value = 0;
          Arrays.fill(g, 0);
          for (int i = 0; i < n; i++) {
            double r = 0.3 * (x[i] - center[i]);
            value += r * r / 2;
            g[i] += 0.3 * r;
          }
          for (double[] row : b) {
            double r = 0;
            for (int j = 0; j < n; j++) {
              r += row[j] * (x[j] - center[j]);
            }
            value += r * r / 2;
            for (int j = 0; j < n; j++) {
              g[j] += r * row[j];
            }
          }
          return value;
        };
    double[] start = random.doubles(n, 0, 1).toArray();
    Found found = minimum(quadratic, start, Projections.box(0, 1), 80);
    double[] g = new double[n];
    double value = quadratic.at(found.x(), g);
    for (int i = 0; i < n; i++) {
      double x = found.x()[i];
      double projected = Math.min(Math.max(x - g[i], 0), 1) - x;
      assertThat(projected)
          .as("projected gradient %d at loss %s", i, value)
          .isCloseTo(0, within(1e-5));
    }
  }

  @Test
  void refusesParametersOutsideOfTheBounds() {
    Tree params = Tree.of("x", Tensor.of(new double[] {0.5, 2}));
    assertThatThrownBy(() -> Stepper.of(Optimizers.lbfgsb(Projections.box(0, 1)), params))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "params must be within the bounds (pass bounds.of(params).evaluate()), but was \"x\"");
  }

  @Test
  void refusesASetThatIsNoBox() {
    Function any = (x, g) -> g[0] = x[0];
    for (Projection set :
        List.of(
            Projections.simplex(1),
            Projections.l1Ball(1),
            Projections.l1Sphere(1),
            Projections.l2Ball(1),
            Projections.l2Sphere(1))) {
      assertThatThrownBy(() -> Optimizers.lbfgsb(set))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("bounds must project each element to an interval");
    }
    Projection own = x -> Projections.l2Ball(1).of(x);
    assertThatThrownBy(() -> minimum(any, new double[] {0.5, 0.5}, own, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bounds must project each element to an interval");
  }
}
