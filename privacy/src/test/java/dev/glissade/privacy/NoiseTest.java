package dev.glissade.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.contrib.DifferentiallyPrivateAggregate;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.numbers.gamma.Erfc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Noise has the distribution that it should have. */
class NoiseTest {
  private static final int DRAWS = 1_000_000;

  private static double normal(double x) {
    return Erfc.value(-x / Math.sqrt(2)) / 2;
  }

  /** The largest distance of the distribution of these numbers from the normal one. */
  private static double distanceFromNormal(double[] numbers) {
    Arrays.sort(numbers);
    double largest = 0;
    for (int i = 0; i < numbers.length; i++) {
      double expected = normal(numbers[i]);
      largest = Math.max(largest, Math.abs(expected - (double) i / numbers.length));
      largest = Math.max(largest, Math.abs(expected - (i + 1.0) / numbers.length));
    }
    return largest;
  }

  private static void requireNormal(double[] numbers, double distance) {
    double mean = Arrays.stream(numbers).average().orElseThrow();
    double variance = Arrays.stream(numbers).map(x -> x * x).average().orElseThrow();
    double fourth = Arrays.stream(numbers).map(x -> x * x * x * x).average().orElseThrow();
    long tail = Arrays.stream(numbers).filter(x -> Math.abs(x) > 4).count();
    assertThat(mean).isCloseTo(0, offset(5.0 / Math.sqrt(numbers.length)));
    assertThat(variance).isCloseTo(1, offset(5 * Math.sqrt(2.0 / numbers.length)));
    assertThat(fourth).isCloseTo(3, offset(5 * Math.sqrt(96.0 / numbers.length)));
    double expected = 2 * normal(-4) * numbers.length;
    assertThat((double) tail).isCloseTo(expected, offset(6 * Math.sqrt(expected)));
    assertThat(distanceFromNormal(numbers)).isLessThan(distance);
  }

  @Test
  void reproducibleDrawsAreNormal() {
    SplittableRandom random = new SplittableRandom(20261123);
    DiscreteGaussian gaussian = new DiscreteGaussian(1 << 20, random::nextLong);
    double[] numbers = new double[DRAWS];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = gaussian.next() / (double) (1 << 20);
    }
    requireNormal(numbers, 1.95 / Math.sqrt(DRAWS));
  }

  /** By chance it fails once in ten million runs: the distance's tail at 2.9 is 1e-7. */
  @Test
  void secureNoiseIsNormalAroundTheSum() {
    float[] center = new float[DRAWS];
    Arrays.fill(center, 10);
    Tree noised = new SecureNoise().added(Tree.of("w", Tensor.wrap(center)), 2, 1);
    double[] numbers = noised.get("w").toDoubles();
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (numbers[i] - 10) / 2 * (1 - Math.sqrt(DRAWS) * 2 / (1 << 20));
    }
    Arrays.sort(numbers);
    assertThat(distanceFromNormal(numbers)).isLessThan(2.9 / Math.sqrt(DRAWS));
  }

  /** Probabilities of whole numbers, for a sigma so small that each is drawn often. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 5})
  void smallNumbersHaveTheirExactProbabilities(long sigma) {
    SplittableRandom random = new SplittableRandom(sigma);
    DiscreteGaussian gaussian = new DiscreteGaussian(sigma, random::nextLong);
    int[] counts = new int[201];
    for (int i = 0; i < DRAWS; i++) {
      counts[(int) (gaussian.next() + 100)]++;
    }
    double total = 0;
    for (int x = -100; x <= 100; x++) {
      total += Math.exp(-x * x / (2.0 * sigma * sigma));
    }
    for (int x = -100; x <= 100; x++) {
      double expected = DRAWS * Math.exp(-x * x / (2.0 * sigma * sigma)) / total;
      assertThat((double) counts[x + 100])
          .as("%d of sigma %d", x, sigma)
          .isCloseTo(expected, offset(6 * Math.sqrt(expected) + 3));
    }
  }

  /** Probabilities in floating point decide as the exact ones do. */
  @ParameterizedTest
  @ValueSource(longs = {1, 3, 1000, 1 << 20})
  void coinsAreExact(long sigma) {
    SplittableRandom fast = new SplittableRandom(3);
    SplittableRandom exact = new SplittableRandom(3);
    DiscreteGaussian a = new DiscreteGaussian(sigma, fast::nextLong);
    DiscreteGaussian b = new DiscreteGaussian(sigma, exact::nextLong, 2);
    for (int i = 0; i < 20_000; i++) {
      assertThat(a.next()).isEqualTo(b.next());
    }
  }

  @Test
  void secureBitsDiffer() {
    assertThat(new SecureBits().next()).isNotEqualTo(new SecureBits().next());
  }

  /**
   * Whoever has to tell two neighbouring sums apart does no better than the stated epsilon allows,
   * and would with half the noise.
   */
  @Test
  void anAttackStaysBelowTheStatedEpsilon() {
    double sigma = 2;
    RenyiAccountant accountant = new RenyiAccountant();
    accountant.add(new SampledGaussian(1, sigma, 1));
    double stated = accountant.epsilon(1e-5).epsilon();
    assertThat(attack(sigma)).isPositive().isLessThan(stated);
    assertThat(attack(sigma / 2)).isGreaterThan(stated);
  }

  /** A lower bound of epsilon, at the best threshold, five deviations below what was counted. */
  private static double attack(double sigma) {
    int trials = 400_000;
    float[] with = new float[trials];
    Arrays.fill(with, 1);
    SecureNoise noise = new SecureNoise();
    double[] there = noise.added(Tree.of("w", Tensor.wrap(with)), sigma, 1).get("w").toDoubles();
    double[] away =
        noise.added(Tree.of("w", Tensor.of(new float[trials])), sigma, 1).get("w").toDoubles();
    double best = 0;
    for (double threshold = 0; threshold < 4 * sigma; threshold += sigma / 4) {
      double hits = rate(there, threshold);
      double alarms = rate(away, threshold);
      double surely = hits - 5 * Math.sqrt(hits / trials);
      double atMost = alarms + 5 * Math.sqrt((alarms + 1.0 / trials) / trials);
      best = Math.max(best, Math.log((surely - 1e-5) / atMost));
    }
    return best;
  }

  private static double rate(double[] outcomes, double threshold) {
    return (double) Arrays.stream(outcomes).filter(x -> x > threshold).count() / outcomes.length;
  }

  @Test
  void reproducibleNoiseIsThatOfTheDocumentedAggregate() {
    Tree params = Tree.of("a", Tensor.of(new float[3]), "b", Tensor.of(new float[2]));
    Tree batch =
        Tree.of(
            "a",
            Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3),
            "b",
            Tensor.of(new float[] {1, 0, -1, 2}, 2, 2));
    var documented = new DifferentiallyPrivateAggregate(0.5, 2, 7);
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
    assertThatThrownBy(() -> new Clipping.Flat(-1)).hasMessage("l2NormClip must be positive: -1.0");
    assertThatThrownBy(() -> new Clipping.Flat(Double.POSITIVE_INFINITY))
        .hasMessage("l2NormClip must be finite: Infinity");
    PrivateAggregator sums =
        new PrivateAggregator(params, new Clipping.Flat(1), 1, 1, new SecureNoise());
    assertThatThrownBy(() -> sums.add(Tree.of("w", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2))))
        .hasMessageContaining("gradients[\"w\"] has shape [2, 2] but params have [2]");
    assertThatThrownBy(() -> new PoissonSampler(10, 1.5, new SplittableRandom(1)))
        .hasMessage("samplingRate must be from 0 to 1: 1.5");
  }

  @Test
  void eachExampleIsSampledByItself() {
    PoissonSampler sampler = new PoissonSampler(1000, 0.1, new SplittableRandom(5));
    int[] drawn = new int[1000];
    double sizes = 0;
    double squares = 0;
    for (int i = 0; i < 10_000; i++) {
      int[] batch = sampler.next();
      for (int example : batch) {
        drawn[example]++;
      }
      sizes += batch.length;
      squares += (batch.length - 100.0) * (batch.length - 100.0);
    }
    assertThat(sizes / 10_000).isCloseTo(100, offset(0.5));
    assertThat(squares / 10_000).isCloseTo(90, offset(7.0));
    assertThat(Arrays.stream(drawn).min().orElseThrow()).isGreaterThan(840);
    assertThat(new PoissonSampler(5, 0, new SplittableRandom(1)).next()).isEmpty();
    assertThat(new PoissonSampler(5, 1, new SplittableRandom(1)).next())
        .containsExactly(0, 1, 2, 3, 4);
  }
}
