package dev.glissade.contrib;

import static dev.glissade.contrib.PlainMatrices.draw;
import static dev.glissade.contrib.PlainMatrices.product;
import static dev.glissade.contrib.PlainMatrices.transposed;
import static dev.glissade.contrib.PlainMatrices.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.catalog.Catalog;
import dev.glissade.combine.Masked;
import dev.glissade.combine.PathMask;
import dev.glissade.contrib.ScaleByMuon.Preconditioning;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.testing.Allocation;
import dev.glissade.transform.WeightLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Muon against plain loops in double, and what the recorded cases leave open. */
class MuonTest {
  private static final double BETA = 0.95;

  private static double[][] matrix(Tree tree) {
    Tensor tensor = tree.get("w");
    double[][] rows = new double[tensor.shape()[0]][tensor.shape()[1]];
    for (int i = 0; i < tensor.size(); i++) {
      rows[i / rows[0].length][i % rows[0].length] = tensor.get(i);
    }
    return rows;
  }

  private static double[][] sum(double p, double[][] a, double q, double[][] b) {
    double[][] c = new double[a.length][a[0].length];
    for (int i = 0; i < c.length; i++) {
      for (int j = 0; j < c[0].length; j++) {
        c[i][j] = p * a[i][j] + q * b[i][j];
      }
    }
    return c;
  }

  private static double norm(double[][] a) {
    double sum = 0;
    for (double[] row : a) {
      for (double number : row) {
        sum += number * number;
      }
    }
    return Math.sqrt(sum);
  }

  private static double[][] orthogonalized(double[][] a, int steps, double[]... triples) {
    return orthogonalized(a, 0, steps, triples);
  }

  /** X = a / (||a|| + eps), then X <- p X + (q A + r A A) X. */
  private static double[][] orthogonalized(
      double[][] a, double eps, int steps, double[]... triples) {
    boolean tall = a.length > a[0].length;
    double[][] x = tall ? transposed(a) : a;
    x = sum(1 / (norm(a) + eps), x, 0, x);
    for (int step = 0; step < steps; step++) {
      double[] c = triples[triples.length == 1 ? 0 : triples.length - steps + step];
      double[][] gram = product(x, transposed(x));
      double[][] b = sum(c[1], gram, c[2], product(gram, gram));
      x = sum(c[0], x, 1, product(b, x));
    }
    return tall ? transposed(x) : x;
  }

  private static void assertClose(double[][] have, double[][] want, double bound) {
    for (int i = 0; i < want.length; i++) {
      for (int j = 0; j < want[0].length; j++) {
        assertThat(have[i][j]).isCloseTo(want[i][j], within(bound));
      }
    }
  }

  @Test
  void followsItsFormulaInAnyShape() {
    double[] standard = {3.4445, -4.7750, 2.0315};
    for (int[] shape : new int[][] {{3, 3}, {2, 7}, {7, 2}, {40, 50}, {60, 40}, {1, 5}}) {
      double[][] x = draw(1, shape[0], shape[1]);
      double[][] mu = new double[shape[0]][shape[1]];
      Stepper<?> stepper = Stepper.of(Contrib.muon(0.1).weightDecay(0.5), tree(x));
      for (int t = 1; t <= 4; t++) {
        double[][] g = draw(10 + t, shape[0], shape[1]);
        mu = sum(BETA, mu, 1 - BETA, g);
        double now = (1 - BETA) / (1 - Math.pow(BETA, t));
        double next = BETA / (1 - Math.pow(BETA, t + 1));
        double[][] o = orthogonalized(sum(next, mu, now, g), 1e-8, 5, standard);
        double factor = Math.sqrt(Math.max(1, (double) shape[1] / shape[0]));
        x = sum(1 - 0.1 * 0.5, x, -0.1 * factor, o);
        stepper.step(tree(g));
      }
      assertClose(matrix(stepper.params()), x, 1e-11);
    }
  }

  /** NorMuon, Algorithm 1, for weights of (in, out): an output unit is a column. */
  @Test
  void dividesByTheMomentsOfNeurons() {
    double[] standard = {3.4445, -4.7750, 2.0315};
    for (int[] shape : new int[][] {{3, 5}, {6, 4}}) {
      double[][] x = draw(1, shape[0], shape[1]);
      double[][] kept = x;
      double[][] mu = new double[shape[0]][shape[1]];
      double[] v = new double[shape[1]];
      Muon muon = Contrib.norMuon(0.1).weightDecay(0.5).nesterov(false);
      Stepper<?> stepper = Stepper.of(muon, tree(x));
      Stepper<?> turned = Stepper.of(muon.layout(WeightLayout.OUT_IN), tree(transposed(x)));
      Stepper<?> ofSameNorm = Stepper.of(muon.consistentRms(null), tree(x));
      for (int t = 1; t <= 3; t++) {
        double[][] g = draw(10 + t, shape[0], shape[1]);
        mu = sum(BETA, mu, 1 - BETA, g);
        double[][] o =
            orthogonalized(sum(1 / (1 - Math.pow(BETA, t)), mu, 0, mu), 1e-8, 5, standard);
        double[][] z = new double[shape[0]][shape[1]];
        for (int j = 0; j < shape[1]; j++) {
          double mean = 0;
          for (int i = 0; i < shape[0]; i++) {
            mean += o[i][j] * o[i][j] / shape[0];
          }
          v[j] = 0.95 * v[j] + 0.05 * mean;
          for (int i = 0; i < shape[0]; i++) {
            z[i][j] = o[i][j] / (Math.sqrt(v[j]) + 1e-8);
          }
        }
        double rate = 0.2 * 0.1 * Math.sqrt(shape[0] * shape[1]) / norm(z);
        x = sum(1 - 0.1 * 0.5, x, -rate, z);
        double factor = Math.sqrt(Math.max(1, (double) shape[1] / shape[0]));
        kept = sum(1 - 0.1 * 0.5, kept, -0.1 * factor * norm(o) / norm(z), z);
        stepper.step(tree(g));
        turned.step(tree(transposed(g)));
        ofSameNorm.step(tree(g));
      }
      assertClose(matrix(stepper.params()), x, 1e-11);
      assertClose(transposed(matrix(turned.params())), x, 1e-11);
      assertClose(matrix(ofSameNorm.params()), kept, 1e-11);
    }
  }

  @Test
  void singularValuesEndCloseToOne() {
    double[][] g = draw(3, 20, 35);
    for (Preconditioning one : Preconditioning.values()) {
      ScaleByMuon muon =
          Contrib.scaleByMuon()
              .preconditioning(one)
              .nsCoeffs(NsCoeffs.of(1.5, -0.5, 0))
              .nsSteps(60);
      double[][] o = matrix(muon.update(tree(g), muon.init(tree(g)), tree(g)).updates());
      double[][] gram = product(o, transposed(o));
      for (int i = 0; i < 20; i++) {
        for (int j = 0; j < 20; j++) {
          assertThat(gram[i][j]).as("%s", one).isCloseTo(i == j ? 1 : 0, within(1e-9));
        }
      }
    }
  }

  @Test
  void takesTheLastTriplesAndRefusesMoreStepsThanTriples() {
    double[][] g = draw(3, 5, 6);
    double[] first = {3, -3.2, 1.2};
    double[] second = {2, -1.5, 0.5};
    double[] third = {1.875, -1.25, 0.375};
    ScaleByMuon two =
        Contrib.scaleByMuon().eps(0).nsSteps(2).nsCoeffs(NsCoeffs.of(first, second, third));
    assertClose(
        matrix(two.update(tree(g), two.init(tree(g)), tree(g)).updates()),
        orthogonalized(g, 2, second, third),
        1e-12);
    assertThatThrownBy(() -> two.nsSteps(4))
        .hasMessage("nsSteps must be at most the number of triples of nsCoeffs, 3, but was 4");
    assertThatThrownBy(() -> Contrib.muon(1).nsSteps(0))
        .hasMessage("nsSteps must be at least 1, but was 0");
    assertThatThrownBy(() -> Contrib.muon(1).nsSteps(6).nsCoeffs(NsCoeffs.DION))
        .hasMessage("nsSteps must be at most the number of triples of nsCoeffs, 5, but was 6");
  }

  @ParameterizedTest
  @EnumSource(Preconditioning.class)
  void weightsOfTheOtherLayoutTakeTheSameSteps(Preconditioning one) {
    for (int[] shape : new int[][] {{4, 4}, {3, 6}, {6, 3}}) {
      double[][] x = draw(1, shape[0], shape[1]);
      Muon muon = Contrib.muon(0.1).preconditioning(one);
      Stepper<?> here = Stepper.of(muon, tree(x));
      Stepper<?> there = Stepper.of(muon.layout(WeightLayout.OUT_IN), tree(transposed(x)));
      for (int t = 0; t < 3; t++) {
        double[][] g = draw(5 + t, shape[0], shape[1]);
        here.step(tree(g));
        there.step(tree(transposed(g)));
      }
      assertClose(transposed(matrix(there.params())), matrix(here.params()), 1e-13);
    }
  }

  /** A convolution's kernel is one matrix, and an axis in neither list one for each index. */
  @Test
  void axesMakeMatricesAndBatches() {
    SplittableRandom random = new SplittableRandom(8);
    Tensor kernel = Tensor.of(random.doubles(2 * 3 * 4, -1, 1).toArray(), 2, 3, 4);
    Map<String, DimensionNumbers> patterns = new LinkedHashMap<>();
    patterns.put("batched", new DimensionNumbers(List.of(-1), List.of(1)));
    patterns.put("*", new DimensionNumbers(List.of(2, 0), List.of(1)));
    ScaleByMuon muon =
        Contrib.scaleByMuon().eps(0).weightDimensionNumbers(new WeightDimensionNumbers(patterns));
    Tree g = Tree.of("batched", kernel, "joined", kernel);
    Tree u = muon.update(g, muon.init(g), g).updates();
    double[] triple = {3.4445, -4.7750, 2.0315};
    double[][] joined = new double[8][3];
    for (int k = 0; k < 2; k++) {
      double[][] one = new double[4][3];
      for (int in = 0; in < 4; in++) {
        for (int out = 0; out < 3; out++) {
          one[in][out] = kernel.get(k * 12 + out * 4 + in);
          joined[in * 2 + k][out] = one[in][out];
        }
      }
      double[][] o = orthogonalized(one, 5, triple);
      for (int in = 0; in < 4; in++) {
        for (int out = 0; out < 3; out++) {
          assertThat(u.get("batched").get(k * 12 + out * 4 + in))
              .isCloseTo(o[in][out], within(1e-12));
        }
      }
    }
    double[][] o = orthogonalized(joined, 5, triple);
    for (int i = 0; i < 24; i++) {
      int in = i % 4 * 2 + i / 12;
      assertThat(u.get("joined").get(i)).isCloseTo(o[in][i / 4 % 3], within(1e-12));
    }
  }

  @Test
  void onlyMatricesAreOrthogonalizedAndTheOthersTakeAdamw() {
    double[][] w = draw(1, 3, 4);
    Tree params = tree(w).merge(Tree.of("b", Tensor.of(new double[] {1, -2}))).evaluate();
    Stepper<?> both = Stepper.of(Contrib.muon(0.1).adamLearningRate(0.01), params);
    Stepper<?> adam =
        Stepper.of(
            dev.glissade.optimizer.Optimizers.adamw(0.01).weightDecay(0).nesterov(true),
            Tree.of("b", Tensor.of(new double[] {1, -2})));
    both.step(params);
    adam.step(Tree.of("b", Tensor.of(new double[] {1, -2})));
    assertThat(both.params().get("b").sameBits(adam.params().get("b"))).isTrue();
    assertThat(both.tree("muon/states/0/mu").paths()).containsExactly("w");
    assertThat(matrix(both.params())[0][0]).isNotEqualTo(w[0][0]);
  }

  @Test
  void halvesHaveFloat32MomentsAndFiniteSteps() {
    for (DType half : List.of(DType.BFLOAT16, DType.FLOAT16)) {
      for (Preconditioning one : Preconditioning.values()) {
        Tree x = tree(draw(1, 3, 4)).as(half).evaluate();
        Stepper<?> stepper = Stepper.of(Contrib.muon(0.1).preconditioning(one), x);
        stepper.step(x.times(0).as(half).evaluate());
        stepper.step(x);
        assertThat(stepper.params().get("w").dtype()).isEqualTo(half);
        assertThat(stepper.tree("muon/states/0/mu").get("w").dtype()).isEqualTo(DType.FLOAT32);
        assertThat(stepper.params().get("w").toDoubles()).doesNotContain(Double.NaN);
        assertThat(stepper.params().get("w").toDoubles()).isNotEqualTo(x.get("w").toDoubles());
      }
    }
  }

  @Test
  void theStatesCoefficientsAreUsed() {
    double[][] g = draw(3, 5, 6);
    Stepper<?> stepper = Stepper.of(Contrib.scaleByMuon().eps(0), tree(new double[5][6]));
    stepper.set("nsCoeffs", NsCoeffs.of(1.5, -0.5, 0).toTree());
    stepper.step(tree(g));
    assertClose(matrix(stepper.params()), orthogonalized(g, 5, new double[] {1.5, -0.5, 0}), 1e-12);
  }

  /** With one thread of the common pool, or small matrices, there is nothing to allocate. */
  @Test
  void aWarmStepAllocatesNothing() {
    Tree x = tree(draw(1, 40, 50)).as(DType.FLOAT32).evaluate();
    for (Preconditioning one : Preconditioning.values()) {
      Stepper<?> stepper =
          Stepper.of(Contrib.muon(1e-3).preconditioning(one).adaptive(true), x.copy());
      assertThat(Allocation.least(stepper, x)).as("%s", one).isZero();
    }
  }

  @Test
  void jsonFormsOfCoefficientsAndAxes() {
    Catalog catalog = Catalog.standard();
    Map<String, Object> dimensions = new LinkedHashMap<>();
    dimensions.put("a*", Map.of("reduction_axis", List.of(0, 1), "output_axis", 2));
    dimensions.put("*", null);
    Muon muon =
        (Muon)
            catalog.optimizer(
                Map.of(
                    "name",
                    "muon",
                    "args",
                    Map.of(
                        "learning_rate",
                        1,
                        "ns_coeffs",
                        List.of(List.of(1, 2, 3), List.of(4, 5, 6)),
                        "ns_steps",
                        2,
                        "layout",
                        "out_in",
                        "muon_weight_dimension_numbers",
                        dimensions)));
    assertThat(muon.nsCoeffs())
        .isEqualTo(NsCoeffs.of(new double[] {1, 2, 3}, new double[] {4, 5, 6}));
    assertThat(muon.layout()).isEqualTo(WeightLayout.OUT_IN);
    assertThat(muon.muonWeightDimensionNumbers().patterns())
        .containsEntry("a*", new DimensionNumbers(List.of(0, 1), List.of(2)))
        .containsEntry("*", DimensionNumbers.NONE);
    assertThat(catalog.optimizer(catalog.describe(muon))).isEqualTo(muon);
    assertThat(catalog.describe(Contrib.muon(1).nsCoeffs(NsCoeffs.DION)).get("args").toString())
        .contains("ns_coeffs=dion")
        .doesNotContain("dimension");
    assertThat(read("ns_coeffs", "standard").nsCoeffs()).isEqualTo(NsCoeffs.STANDARD);
  }

  private static Muon read(String argument, Object value) {
    return (Muon)
        Catalog.standard()
            .optimizer(Map.of("name", "muon", "args", Map.of("learning_rate", 1, argument, value)));
  }

  @Test
  void badArgumentsAreNamed() {
    assertThatThrownBy(() -> read("ns_coeffs", "best"))
        .hasMessage(
            "muon: \"ns_coeffs\" must be three numbers, a list of such triples or one of"
                + " [dion, standard], but was best");
    assertThatThrownBy(() -> read("ns_coeffs", List.of(1, 2)))
        .hasMessage("each triple of nsCoeffs must have three numbers, but had [1.0, 2.0]");
    assertThatThrownBy(() -> read("ns_coeffs", List.of(1, "a", 2)))
        .hasMessage("muon: \"ns_coeffs\" must have numbers, but had a");
    assertThatThrownBy(() -> read("muon_weight_dimension_numbers", 3))
        .hasMessageContaining("must be an object with dimension numbers for each path pattern");
    assertThatThrownBy(
            () -> read("muon_weight_dimension_numbers", Map.of("*", Map.of("output_axis", 1))))
        .hasMessageContaining("[*] must be null or an object with reduction_axis and output_axis");
    assertThatThrownBy(() -> DimensionNumbers.of(1, 1))
        .hasMessage(
            "the reduction and output axes of dimension numbers must be distinct, but were [1] and"
                + " [1]");
    assertThatThrownBy(() -> new DimensionNumbers(List.of(), List.of(1)))
        .hasMessage(
            "the reduction and output axes of dimension numbers must both be given or not, but were"
                + " [] and [1]");
    Muon muon =
        Contrib.muon(1)
            .muonWeightDimensionNumbers(
                new WeightDimensionNumbers(Map.of("*", DimensionNumbers.of(0, 2))));
    Tree x = tree(draw(1, 2, 2));
    assertThatThrownBy(() -> Stepper.of(muon, x))
        .hasMessageContaining(
            "the reduction and output axes of leaf \"w\" must be distinct axes of its shape [2, 2],"
                + " but were [0] and [2]");
    assertThatThrownBy(() -> Contrib.muon(1).consistentRms(0.0))
        .hasMessage("consistentRms must be positive, but was 0.0");
    assertThatThrownBy(() -> Contrib.muon(1).neuronBeta(1.0))
        .hasMessage("neuronBeta must be in [0, 1), but was 1.0");
    assertThatThrownBy(() -> Contrib.muon(1).adamB2(1))
        .hasMessage("adamB2 must be in [0, 1), but was 1.0");
  }

  @Test
  void aNanInOneMatrixLeavesTheOthers() {
    Tree x = Tree.of("v", Tensor.of(draw(1, 2, 3)), "w", Tensor.of(draw(2, 2, 3)));
    double[][] bad = draw(3, 2, 3);
    bad[0][0] = Double.NaN;
    GradientTransformation<?> muon = Contrib.muon(0.1);
    Stepper<?> stepper = Stepper.of(muon, x);
    stepper.step(Tree.of("v", Tensor.of(bad), "w", Tensor.of(draw(4, 2, 3))));
    assertThat(stepper.params().get("v").toDoubles()).containsOnly(Double.NaN);
    assertThat(stepper.params().get("w").toDoubles()).doesNotContain(Double.NaN);
  }

  @Test
  void worksInsideOfOthers() {
    double[][] w = draw(1, 3, 4);
    Masked masked = new Masked(Contrib.muon(new ConstantSchedule(0.1)), PathMask.of("w"));
    Tree params = tree(w).merge(Tree.of("b", Tensor.of(new double[] {1}))).evaluate();
    Stepper<?> inside = Stepper.of(masked, params);
    Stepper<?> alone = Stepper.of(Contrib.muon(0.1), tree(w));
    inside.step(params);
    alone.step(tree(w));
    assertThat(inside.params().get("w").sameBits(alone.params().get("w"))).isTrue();
  }
}
