package dev.glissade.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.privacy.accounting.RenyiAccountant;
import dev.glissade.privacy.accounting.SampledGaussian;
import java.math.BigDecimal;
import java.math.BigInteger;
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
    double[] numbers = noised(center, 2);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (numbers[i] - 10) / 2;
    }
    Arrays.sort(numbers);
    assertThat(distanceFromNormal(numbers)).isLessThan(2.9 / Math.sqrt(DRAWS));
  }

  private static double[] noised(float[] numbers, double deviation) {
    Tree sum = Tree.of("w", Tensor.wrap(numbers));
    Tree noised = new SecureNoise().added(sum, null, deviation, 0x1p-19, sum.structure());
    return noised.get("w").toDoubles();
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

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 17, 1000, 1 << 20, 1 << 23})
  void stripsHaveTheirWeights(long sigma) {
    AliasTable table = new AliasTable(sigma);
    long all = 0;
    for (int i = 0; i <= table.count(); i++) {
      assertThat(table.probability(i)).isEqualTo(table.weight(i)).isPositive();
      all += table.weight(i);
      double begin = (double) i * table.width();
      double f = Math.exp(-begin * begin / (2.0 * sigma * sigma));
      double bound = i < table.count() ? table.bound(i) : table.tailBound();
      double most = i < table.count() ? f : f / -Math.expm1(-begin / ((double) sigma * sigma));
      assertThat(bound).isGreaterThan(most);
      assertThat(bound).isLessThan(1.2 * most + 1e-17 * table.width());
    }
    assertThat(all).isEqualTo(1L << 62);
  }

  /** The tail is too far away to be met by chance: here every number is proposed there. */
  @Test
  void tailsHaveTheirDistribution() {
    SplittableRandom random = new SplittableRandom(9);
    DiscreteGaussian gaussian = new DiscreteGaussian(3, random::nextLong);
    int[] counts = new int[5];
    int proposals = 2_000_000;
    for (int i = 0; i < proposals; i++) {
      long y = gaussian.tail();
      if (gaussian.acceptsTail(y, random.nextLong() >>> 29)) {
        counts[(int) Math.min(4, y - 27)]++;
      }
    }
    double bound = new AliasTable(3).tailBound();
    for (int k = 0; k < 4; k++) {
      double expected = proposals * Math.exp(-(27.0 + k) * (27 + k) / 18) / bound;
      assertThat((double) counts[k]).isCloseTo(expected, offset(6 * Math.sqrt(expected) + 3));
    }
  }

  @Test
  void exponentialsHaveNinetyDigits() {
    assertThat(DiscreteGaussian.exp(BigInteger.ONE, BigInteger.ONE).toString())
        .startsWith(
            "0.367879441171442321595523770161460867445811131031767834507836801697461495744899");
    BigDecimal third = DiscreteGaussian.exp(BigInteger.TEN, BigInteger.valueOf(3));
    assertThat(third.pow(3).doubleValue()).isCloseTo(Math.exp(-10), offset(1e-19));
    BigDecimal whole = DiscreteGaussian.exp(BigInteger.TEN, BigInteger.ONE);
    assertThat(third.pow(3).subtract(whole).abs().doubleValue()).isLessThan(1e-94);
  }

  @Test
  void secureBitsDiffer() {
    assertThat(new SecureBits().next()).isNotEqualTo(new SecureBits().next());
  }

  /**
   * Whoever has to tell two neighboring sums apart does no better than the stated epsilon allows,
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
    double[] there = noised(with, sigma);
    double[] away = noised(new float[trials], sigma);
    double best = 0;
    for (double threshold = 0; threshold < 4 * sigma; threshold += sigma / 4) {
      double hits = rate(there, threshold);
      double alarms = rate(away, threshold);
      double squeeze = hits - 5 * Math.sqrt(hits / trials);
      double atMost = alarms + 5 * Math.sqrt((alarms + 1.0 / trials) / trials);
      best = Math.max(best, Math.log((squeeze - 1e-5) / atMost));
    }
    return best;
  }

  private static double rate(double[] outcomes, double threshold) {
    return (double) Arrays.stream(outcomes).filter(x -> x > threshold).count() / outcomes.length;
  }
}
