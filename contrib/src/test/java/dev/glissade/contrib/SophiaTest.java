package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glissade.Applied;
import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.HessianProduct;
import dev.glissade.NonFinite;
import dev.glissade.NonFiniteException;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.testing.Allocation;
import dev.glissade.testing.Given;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sophia as in its paper, and Hutchinson's estimates of the Hessian's diagonal. */
class SophiaTest {
  private static final double[] CURVATURE = {1, 10, 100};

  private static Tree tree(double... numbers) {
    return Tree.of("w", Tensor.of(numbers));
  }

  private static double[] numbers(Tree tree) {
    return tree.get("w").toDoubles();
  }

  /** The gradient of 1/4 sum c x^4, and the Hessian's diagonal, 3 c x^2. */
  private static Tree gradient(Tree x) {
    Tree c = like(x, CURVATURE);
    return x.times(x).times(x).times(c).as(x.structure()).evaluate();
  }

  private static Tree like(Tree x, double[] numbers) {
    return x.mapLeaves((path, leaf) -> Tensor.of(leaf.dtype(), numbers, leaf.shape())).plus(0);
  }

  private static final HessianProduct PRODUCT =
      (x, v) -> x.square().times(3).times(like(x, CURVATURE)).times(v).evaluate();

  /** The signs of the first step of a seed, as the original draws them. */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT64", "FLOAT32", "BFLOAT16"})
  void theSignsAreThoseOfTheOriginal(DType type) throws IOException {
    Path file = Path.of("../conformance/optax/signs.json");
    JsonNode cases = new ObjectMapper().readTree(file.toFile()).get("cases");
    assertThat(cases).isNotEmpty();
    for (JsonNode one : cases) {
      Map<String, Tensor> leaves = new LinkedHashMap<>();
      Map<String, double[]> want = new LinkedHashMap<>();
      one.get("with_x64")
          .properties()
          .forEach(leaf -> {
            double[] signs = doubles(leaf.getValue().get("data"));
            int[] shape =
                new ObjectMapper().convertValue(leaf.getValue().get("shape"), int[].class);
            want.put(leaf.getKey(), signs);
            leaves.put(leaf.getKey(), Tensor.of(type, new double[signs.length], shape));
          });
      Tree x = Tree.of(leaves);
      HutchinsonEstimatorDiagHessian estimator =
          Contrib.hutchinsonEstimatorDiagHessian(one.get("seed").longValue());
      Map<String, double[]> seen = new LinkedHashMap<>();
      HessianProduct watching =
          (at, v) -> {
            seen.putAll(v.toDoubles());
            return v.copy();
          };
      Tree u =
          estimator
              .update(x, estimator.init(x), x, Extras.NONE.withHessianProduct(watching))
              .updates();
      want.forEach((path, signs) -> assertThat(seen.get(path)).as(path).isEqualTo(signs));
      u.forEach((path, leaf) -> assertThat(leaf.toDoubles()).containsOnly(1));
    }
  }

  private static double[] doubles(JsonNode list) {
    return new ObjectMapper().convertValue(list, double[].class);
  }

  /** Algorithm 3 of the paper, with the estimate before the step, and Optax's order. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void followsThePaper(boolean estimateFirst) {
    double gamma = 0.05;
    double clip = 0.7;
    Sophia sophia =
        Contrib.sophia(0.1)
            .gamma(gamma)
            .clipThreshold(clip)
            .updateInterval(3)
            .weightDecay(0.02)
            .estimateFirst(estimateFirst);
    Stepper<?> stepper = Stepper.of(sophia, tree(1, -2, 3));
    double[] x = {1, -2, 3};
    double[] m = new double[3];
    double[] h = new double[3];
    for (int t = 1; t <= 20; t++) {
      double[] g = new double[3];
      double[] before = h.clone();
      for (int i = 0; i < 3; i++) {
        g[i] = CURVATURE[i] * Math.pow(x[i], 3);
        m[i] = 0.965 * m[i] + 0.035 * g[i];
        // the Hessian is diagonal, so that each estimate is exact
        h[i] = (t - 1) % 3 == 0 ? 0.99 * h[i] + 0.01 * 3 * CURVATURE[i] * x[i] * x[i] : h[i];
      }
      for (int i = 0; i < 3; i++) {
        double used = estimateFirst ? h[i] : before[i];
        double u = m[i] / (1 - Math.pow(0.965, t)) / Math.max(gamma * used, 1e-8);
        x[i] -= 0.1 * (Math.max(-clip, Math.min(clip, u)) + 0.02 * x[i]);
      }
      stepper.step(gradient(stepper.params()), Extras.NONE.withHessianProduct(PRODUCT));
      assertThat(numbers(stepper.params())).containsExactly(x, within(1e-9));
    }
  }

  /** Only a step in which an estimate is due computes products. */
  @Test
  void estimatesAreComputedWhenTheyAreDue() {
    AtomicInteger calls = new AtomicInteger();
    HessianProduct counting =
        (x, v) -> {
          calls.incrementAndGet();
          return PRODUCT.product(x, v);
        };
    Sophia sophia = Contrib.sophia(0.01).updateInterval(4);
    Extras extras = Extras.NONE.withHessianProduct(counting);
    Stepper<?> stepper = Stepper.of(sophia, tree(1, 2, 3));
    Applied<ChainState> now = new Applied<>(tree(1, 2, 3), sophia.init(tree(1, 2, 3)));
    for (int t = 1; t <= 9; t++) {
      stepper.step(gradient(stepper.params()), extras);
      assertThat(calls.getAndSet(0)).as("step %d", t).isEqualTo(t % 4 == 1 ? 1 : 0);
      now = sophia.apply(gradient(now.params()), now.state(), now.params(), extras);
      assertThat(calls.getAndSet(0)).as("functional step %d", t).isEqualTo(t % 4 == 1 ? 1 : 0);
    }
    assertThat(numbers(now.params())).isEqualTo(numbers(stepper.params()));
  }

  @Test
  void aStepWithoutAnEstimateAllocatesNothing() {
    GradientTransformation<?> rare = Given.to(Contrib.sophia(0.01).updateInterval(1_000_000_000));
    Stepper<?> stepper = Stepper.of(rare, tree(1, 2, 3));
    assertThat(Allocation.least(stepper, new Tree[] {tree(1, 2, 3), tree(3, 2, 1)})).isZero();
  }

  /** Two gradients do as well as a product. */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT64", "FLOAT32"})
  void aGradientFunctionIsEnough(DType type) {
    Tree start = Tree.of("w", Tensor.of(type, new double[] {1, -2, 3}, 3));
    HutchinsonEstimatorDiagHessian estimator = Contrib.hutchinsonEstimatorDiagHessian(3);
    Extras byProduct = Extras.NONE.withHessianProduct(PRODUCT);
    Extras byGradients = Extras.NONE.withGradientFunction((at, i) -> gradient(at));
    Tree exact = estimator.update(start, estimator.init(start), start, byProduct).updates();
    Tree estimated = estimator.update(start, estimator.init(start), start, byGradients).updates();
    assertThat(numbers(exact)).containsExactly(new double[] {3, 120, 2700}, within(1e-3));
    for (int i = 0; i < 3; i++) {
      double error = type == DType.FLOAT64 ? 1e-8 : 1e-3;
      assertThat(numbers(estimated)[i]).isCloseTo(numbers(exact)[i], within(2700 * error));
    }
    Tree none = start.zeros().evaluate();
    assertThat(numbers(HessianProduct.byDifferences((at, i) -> at).product(start, none)))
        .containsOnly(0);
  }

  @Test
  void withoutEitherItSaysWhatIsMissing() {
    Stepper<?> stepper = Stepper.of(Contrib.sophia(0.1), tree(1));
    assertThatThrownBy(() -> stepper.step(tree(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "extra argument \"hessian_product\" must be given: step(gradients,"
                + " Extras.NONE.withHessianProduct(...) or withGradientFunction(...))");
  }

  @Test
  void aProductThatFailsChangesNothing() {
    Stepper<?> stepper = Stepper.of(Contrib.sophia(0.1), tree(1, 2, 3));
    Extras failing =
        Extras.NONE.withHessianProduct((x, v) -> {
          throw new IllegalStateException("no data");
        });
    assertThatThrownBy(() -> stepper.step(tree(1, 1, 1), failing)).hasMessage("no data");
    assertThat(numbers(stepper.params())).containsExactly(1, 2, 3);
    assertThat(stepper.scalar("0/count")).isZero();
    Extras nan = Extras.NONE.withHessianProduct((x, v) -> v.times(Double.NaN).evaluate());
    stepper.nonFinite(NonFinite.ERROR);
    assertThatThrownBy(() -> stepper.step(tree(1, 1, 1), nan))
        .isInstanceOf(NonFiniteException.class)
        .hasMessage("Hessian product[\"w\"][0] is NaN at step 1");
    stepper.nonFinite(NonFinite.SKIP).step(tree(1, 1, 1), nan);
    assertThat(stepper.skippedSteps()).isEqualTo(1);
    assertThat(numbers(stepper.params())).containsExactly(1, 2, 3);
  }

  @Test
  void noClippingNeedsAFirstEstimate() {
    assertThatThrownBy(() -> Contrib.sophia(0.1).clipThreshold(null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "clipThreshold must not be null without estimateFirst, since the first steps would be"
                + " of the size of mu / eps: set estimateFirst(true)");
    Sophia unclipped =
        Contrib.sophia(0.1).estimateFirst(true).clipThreshold(null).weightDecay(0).gamma(100);
    Stepper<?> stepper = Stepper.of(unclipped, tree(1, 1, 1));
    stepper.step(gradient(stepper.params()), Extras.NONE.withHessianProduct(PRODUCT));
    // Newton's step over 100 * 0.01, times the rate: x - 0.1 c x^3 / (3 c x^2)
    assertThat(numbers(stepper.params()))
        .containsExactly(new double[] {0.9667, 0.9667, 0.9667}, within(1e-4));
    assertThatThrownBy(() -> Contrib.sophia(0.1).clipThreshold(0.0))
        .hasMessage("clipThreshold must be positive, but was 0.0");
    assertThatThrownBy(() -> Contrib.sophia(0.1).updateInterval(0))
        .hasMessage("updateInterval must be at least 1, but was 0");
    assertThatThrownBy(() -> Contrib.sophia(0.1).hessianDiagonalFn(Contrib.dpsgd(1, 1, 1, 0)))
        .hasMessageContaining("hessianDiagonalFn must take mean gradients");
  }

  @Test
  void anyTransformationMayEstimate() {
    Sophia squares = Contrib.sophia(0.1).hessianDiagonalFn(Optimizers.sgd(-1));
    Stepper<?> stepper = Stepper.of(squares, tree(1, 2, 3));
    stepper.step(tree(4, 5, 6));
    assertThat(numbers(stepper.tree("0/nu")))
        .containsExactly(new double[] {0.04, 0.05, 0.06}, within(1e-12));
  }
}
