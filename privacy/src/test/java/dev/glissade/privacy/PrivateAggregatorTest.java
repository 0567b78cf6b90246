package dev.glissade.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.DType;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.contrib.DifferentiallyPrivateAggregate;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateAggregatorTest {

  @Test
  void reproducibleNoiseIsThatOfTheDocumentedAggregate() {
    Tree params = Tree.of("a", Tensor.of(new float[3]), "b", Tensor.of(new float[2]));
    Tree batch =
        Tree.of(
            "a",
            Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3),
            "b",
            Tensor.of(new float[] {1, 0, -1, 2}, 2, 2));
    var documented = DifferentiallyPrivateAggregate.of(0.5, 2, 7);
    Tree expected = documented.update(batch, documented.init(params), params).updates();
    PrivateAggregator streaming =
        new PrivateAggregator(params, new Clipping.Flat(0.5), 2, 2, new ReproducibleNoise(7));
    for (int round = 0; round < 2; round++) {
      streaming.add(
          Tree.of("a", Tensor.of(new float[] {1, 2, 3}), "b", Tensor.of(new float[] {1, 0})));
      streaming.add(
          Tree.of("a", Tensor.of(new float[] {4, 5, 6}), "b", Tensor.of(new float[] {-1, 2})));
      assertThat(streaming.examples()).isEqualTo(2);
      Tree mean = streaming.result();
      if (round == 0) {
        for (String leaf : params.paths()) {
          for (int i = 0; i < params.get(leaf).size(); i++) {
            assertThat(mean.get(leaf).get(i)).isCloseTo(expected.get(leaf).get(i), offset(1e-6));
          }
        }
      }
      assertThat(streaming.examples()).isZero();
    }
  }

  @Test
  void anExampleThatIsNotFiniteAddsNothing() {
    Tree params = Tree.of("w", Tensor.of(new float[2]));
    for (Clipping clipping :
        new Clipping[] {new Clipping.Flat(1), new Clipping.Automatic(1, 0.01)}) {
      PrivateAggregator sums =
          new PrivateAggregator(params, clipping, 0, 1, new ReproducibleNoise(1));
      sums.add(Tree.of("w", Tensor.of(new float[] {Float.NaN, 1})));
      sums.add(Tree.of("w", Tensor.of(new float[] {3e38f, 3e38f})));
      Tree result = sums.result();
      assertThat(result.get("w").get(0)).isCloseTo(Math.sqrt(0.5), offset(1e-3));
      assertThat(sums.result().get("w").toFloats()).containsExactly(0, 0);
    }
  }

  /** No example adds more than the sensitivity, whatever its gradient. */
  @Test
  void clippedGradientsHaveAtMostTheNormOfTheClip() {
    SplittableRandom random = new SplittableRandom(4);
    Tree params = Tree.of("a", Tensor.of(new float[3]), "b", Tensor.of(new float[2]));
    for (Clipping clipping :
        new Clipping[] {
          new Clipping.Flat(0.7), new Clipping.PerLayer(0.7), new Clipping.Automatic(0.7, 0.01)
        }) {
      for (int i = 0; i < 100; i++) {
        double size = Math.pow(10, random.nextInt(-20, 20));
        Tree gradient =
            params.mapLeaves((path, leaf) -> {
              float[] numbers = new float[leaf.size()];
              for (int k = 0; k < numbers.length; k++) {
                numbers[k] = (float) (size * random.nextDouble(-1, 1));
              }
              return Tensor.of(numbers, leaf.shape());
            });
        PrivateAggregator sums =
            new PrivateAggregator(params, clipping, 0, 1, new ReproducibleNoise(1));
        sums.add(gradient);
        double squares = 0;
        for (Tensor leaf : sums.result().toMap().values()) {
          for (double x : leaf.toDoubles()) {
            squares += x * x;
          }
        }
        assertThat(Math.sqrt(squares)).isLessThanOrEqualTo(0.7 * (1 + 1e-6));
        assertThat(squares).isPositive();
      }
    }
  }

  @Test
  void wrongUsesAreRefused() {
    Tree params = Tree.of("w", Tensor.of(new float[2]));
    assertThatThrownBy(() -> new Clipping.Flat(-1))
        .hasMessage("l2NormClip must be positive, but was -1.0");
    assertThatThrownBy(() -> new Clipping.Flat(Double.POSITIVE_INFINITY))
        .hasMessage("l2NormClip must be finite, but was Infinity");
    PrivateAggregator sums =
        new PrivateAggregator(params, new Clipping.Flat(1), 1, 1, new SecureNoise());
    assertThatThrownBy(() -> sums.add(Tree.of("w", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2))))
        .hasMessageContaining(
            "gradients[\"w\"] must have the shape of params, [2], but had [2, 2]");
    assertThatThrownBy(() -> new PoissonSampler(10, 1.5, new SplittableRandom(1)))
        .hasMessage("samplingRate must be from 0 to 1, but was 1.5");
    assertThatThrownBy(() -> aggregator(params, new Clipping.Adaptive(1, 0.5, 0.2, 0.4), 1))
        .hasMessage("countNoise must be more than half the noise multiplier 1.0, but was 0.4");
    assertThatThrownBy(() -> aggregator(params, new Clipping.Flat(1e-40), 1))
        .hasMessage("l2NormClip must be from 1e-12 to 1e30 for secure noise, but was 1.0E-40");
    assertThatThrownBy(() -> aggregator(params, new Clipping.Flat(1), 1e7))
        .hasMessage(
            "noiseMultiplier must be less than 2^21 / sqrt(2), for that many elements, but was 1.0E7");
    Tree complex = Tree.of("z", Tensor.complex(new float[2], new float[2], 2));
    assertThatThrownBy(() -> aggregator(complex, new Clipping.Flat(1), 1))
        .hasMessage("params[\"z\"] must be real, but was complex64");
  }

  private static PrivateAggregator aggregator(Tree params, Clipping clipping, double noise) {
    return new PrivateAggregator(params, clipping, noise, 10, new SecureNoise());
  }

  private static Tree random(SplittableRandom random, DType dtype, int size) {
    double[] numbers = random.doubles(size, -1, 1).toArray();
    return Tree.of("w", Tensor.of(dtype, numbers, size));
  }

  /**
   * The sum is that of the rounded gradients, without any error of additions: what it is with an
   * example less the example's own part gives what it is without.
   */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64", "BFLOAT16"})
  void secureSumsAreExact(DType dtype) {
    SplittableRandom random = new SplittableRandom(11);
    Tree params = random(random, dtype, 37);
    PrivateAggregator all = aggregator(params, new Clipping.Flat(0.7), 1.3);
    List<Tree> gradients = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      // A small spread, so that the sums become as large as they can
      gradients.add(
          Tree.of(
              "w", random(random, dtype, 37).plus(3).as(params.structure()).evaluate().get("w")));
    }
    BigDecimal[] expected = new BigDecimal[37];
    Arrays.fill(expected, BigDecimal.ZERO);
    for (Tree gradient : gradients) {
      PrivateAggregator one = aggregator(params, new Clipping.Flat(0.7), 1.3);
      one.add(gradient);
      double[] part = one.exactSum("w");
      for (int k = 0; k < part.length; k++) {
        assertThat(Math.rint(part[k] * 0x1p20) / 0x1p20).isEqualTo(part[k]);
        expected[k] = expected[k].add(new BigDecimal(part[k]));
      }
      all.add(gradient);
    }
    double[] sum = all.exactSum("w");
    for (int k = 0; k < sum.length; k++) {
      assertThat(new BigDecimal(sum[k])).isEqualByComparingTo(expected[k]);
    }
    Tree mean = all.result();
    assertThat(mean.structure()).isEqualTo(params.structure().computed());
    assertThat(all.exactSum("w")).containsOnly(0);
  }

  /** Squares of such doubles are infinite; their norm is not. */
  @Test
  void normsDoNotOverflow() {
    for (double size : new double[] {1, 1e154, 1e200, 1e300}) {
      Tree gradient = Tree.of("w", Tensor.of(new double[] {3 * size, -4 * size}));
      PrivateAggregator sums = aggregator(gradient, new Clipping.Flat(1), 0);
      sums.add(gradient);
      double[] clipped = sums.result().get("w").toDoubles();
      assertThat(clipped[0] * 10).isCloseTo(0.6, offset(1e-13));
      assertThat(clipped[1] * 10).isCloseTo(-0.8, offset(1e-13));
    }
  }

  @Test
  void normsAreReportedToWhomWantsThem() {
    Tree params = Tree.of("w", Tensor.of(new float[1]));
    PrivateAggregator sums = aggregator(params, new Clipping.Flat(30), 1);
    List<NormReport> reports = new ArrayList<>();
    sums.reportNorms(reports::add);
    for (int i = 100; i > 0; i--) {
      sums.add(Tree.of("w", Tensor.of(new float[] {i})));
    }
    sums.result();
    sums.result();
    assertThat(reports.get(0).examples()).isEqualTo(100);
    assertThat(reports.get(0).fractionClipped()).isEqualTo(0.7);
    assertThat(reports.get(0).quantile(0.5)).isEqualTo(50);
    assertThat(reports.get(0).quantile(0)).isEqualTo(1);
    assertThat(reports.get(0))
        .hasToString(
            "100 gradients, 70.0 % clipped at 30.00; norms: quarter 25.00, median 50.00, three"
                + " quarters 75.00, largest 100.0 (not private: no epsilon covers these numbers)");
    assertThat(reports.get(1).examples()).isZero();
    assertThat(reports.get(1).fractionClipped()).isZero();
  }

  /** Norms are uniform from 0 to 8: the clip goes to the quantile wherever it begins. */
  @ParameterizedTest
  @ValueSource(doubles = {0.1, 100})
  void theClipFollowsTheQuantile(double first) {
    SplittableRandom random = new SplittableRandom(8);
    Tree params = Tree.of("w", Tensor.of(new float[3]));
    PrivateAggregator sums =
        new PrivateAggregator(
            params, new Clipping.Adaptive(first, 0.75, 0.2, 5), 1, 100, new SecureNoise());
    double mean = 0;
    for (int step = 0; step < 300; step++) {
      for (int i = 0; i < 100; i++) {
        float norm = (float) random.nextDouble(8);
        sums.add(Tree.of("w", Tensor.of(new float[] {0, -norm, 0})));
      }
      sums.result();
      mean += step < 200 ? 0 : sums.l2NormClip() / 100;
    }
    assertThat(mean).isCloseTo(6, offset(0.2));
  }

  /** Both noises together reveal as much as one with the noise multiplier. */
  @Test
  void theCountTakesItsPartOfTheNoise() {
    double z = 1.1;
    Clipping.Adaptive adaptive = new Clipping.Adaptive(1, 0.5, 0.2, 3);
    double gradients = adaptive.gradientNoise(z);
    assertThat(gradients).isGreaterThan(z);
    assertThat(1 / (gradients * gradients) + 1 / (6.0 * 6.0)).isCloseTo(1 / (z * z), offset(1e-15));
    Tree params = Tree.of("w", Tensor.of(new float[200_000]));
    double measured = deviation(aggregator(params, adaptive, z));
    assertThat(measured * 10 / gradients).isCloseTo(1, offset(0.01));
    assertThat(deviation(aggregator(params, new Clipping.Flat(2), z)) * 10 / 2 / z)
        .isCloseTo(1, offset(0.01));
  }

  private static double deviation(PrivateAggregator empty) {
    double[] noise = empty.result().get("w").toDoubles();
    double squares = 0;
    for (double x : noise) {
      squares += x * x / noise.length;
    }
    return Math.sqrt(squares);
  }

  /** Whatever the batch: what an example needs is freed or used again. */
  @Test
  void aLargerBatchNeedsNoMoreMemory() {
    Tree params = Tree.of("w", Tensor.of(new float[10_000]));
    PrivateAggregator sums = aggregator(params, new Clipping.Flat(1), 1);
    Tree gradient = random(new SplittableRandom(1), DType.FLOAT32, 10_000);
    for (int i = 0; i < 5000; i++) {
      sums.add(gradient);
    }
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 4096; i++) {
      sums.add(gradient);
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000);
  }
}
