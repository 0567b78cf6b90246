package dev.glissade.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.testing.ProcessorTime;
import java.math.BigDecimal;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.numbers.gamma.Erfc;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/** Published figures, closed forms and limits. */
class AccountantsTest {
  private static final double DELTA = 1e-5;

  private static <A extends Accountant> A with(A accountant, SampledGaussian... all) {
    List.of(all).forEach(accountant::add);
    return accountant;
  }

  @ParameterizedTest
  @CsvSource({
    "1.3, 15, 1.192, 0.955",
    "1.1, 60, 3.008, 2.597",
    "0.7, 45, 7.101, 6.318",
    "1.1, 1, 1.034, 0.741"
  })
  void publishedFigures(double noise, int epochs, double older, double improved) {
    double q = 256 / 60000.0;
    long count = (long) Math.ceil(epochs * 60000.0 / 256);
    SampledGaussian steps = new SampledGaussian(q, noise, count);
    RenyiAccountant renyi = with(new RenyiAccountant(), steps);
    assertThat(renyi.epsilonByOlderConversion(DELTA).epsilon()).isCloseTo(older, offset(5.1e-4));
    assertThat(renyi.epsilon(DELTA).epsilon()).isCloseTo(improved, offset(5.1e-4));
    double tight = with(new LossDistributionAccountant(), steps).epsilon(DELTA).epsilon();
    assertThat(tight).isPositive().isLessThan(improved);
  }

  /** Balle and Wang 2018, Theorem 8. */
  private static double exactGaussianDelta(double mu, double epsilon) {
    return normal(mu / 2 - epsilon / mu) - Math.exp(epsilon) * normal(-mu / 2 - epsilon / mu);
  }

  private static double normal(double x) {
    return Erfc.value(-x / Math.sqrt(2)) / 2;
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "0.5, 1", "4, 10", "20, 1000", "2, 1"})
  void lossDistributionIsTheExactGaussianFromAbove(double sigma, long steps) {
    var accountant = with(new LossDistributionAccountant(), new SampledGaussian(1, sigma, steps));
    double mu = Math.sqrt(steps) / sigma;
    for (double epsilon : new double[] {0, 0.1, 0.5, 1, 3}) {
      double exact = exactGaussianDelta(mu, epsilon);
      assertThat(accountant.delta(epsilon)).isBetween(exact, exact * (1 + 1e-5) + 1e-11);
    }
    double epsilon = accountant.epsilon(DELTA).epsilon();
    assertThat(exactGaussianDelta(mu, epsilon)).isLessThanOrEqualTo(DELTA);
    assertThat(exactGaussianDelta(mu, epsilon - 1e-3)).isGreaterThan(DELTA);
  }

  /** Large losses and small ones: never below the truth, and not far above it. */
  @ParameterizedTest
  @CsvSource({
    "1, 4000",
    "1, 20000",
    "5, 100000",
    "0.05, 10",
    "0.1, 1",
    "0.2, 1",
    "0.001, 1",
    "1000, 1000000",
    "1e6, 1000000"
  })
  void largeAndSmallLossesAreBounded(double sigma, long steps) {
    var accountant = with(new LossDistributionAccountant(), new SampledGaussian(1, sigma, steps));
    double mu = Math.sqrt(steps) / sigma;
    double epsilon = accountant.epsilon(DELTA).epsilon();
    // mu^2 / 2 is the median of the loss; beyond 5 deviations less than DELTA is left
    double exact = exactGaussianEpsilon(mu);
    assertThat(epsilon).isBetween(exact - 1e-9, exact * 1.01 + 2e-3);
  }

  private static double exactGaussianEpsilon(double mu) {
    double low = 0;
    double high = mu * mu / 2 + 10 * mu;
    for (int i = 0; i < 200; i++) {
      double middle = (low + high) / 2;
      // the second term of the difference in logs, for large epsilon
      double x = mu / 2 + middle / mu;
      double tail = Erfc.value(x / Math.sqrt(2)) / 2;
      double log = tail > 0 ? Math.log(tail) : -x * x / 2 - Math.log(x * Math.sqrt(2 * Math.PI));
      double delta = normal(mu / 2 - middle / mu) - Math.exp(Math.min(0, middle + log));
      low = delta > DELTA ? middle : low;
      high = delta > DELTA ? high : middle;
    }
    return low;
  }

  /** With sampling: one step's exact delta at the stated epsilon of many is not above. */
  @ParameterizedTest
  @CsvSource({
    "0.004, 0.01, 10",
    "0.004, 0.0335, 10",
    "0.004, 0.034, 10",
    "0.5, 0.05, 3",
    "1e-9, 1, 1000000",
    "0.999999999, 0.1, 1",
    "0.01, 100, 1000"
  })
  void anyNoiseIsBounded(double q, double sigma, long steps) {
    var accountant = with(new LossDistributionAccountant(), new SampledGaussian(q, sigma, steps));
    double epsilon = accountant.epsilon(DELTA).epsilon();
    assertThat(epsilon).isNotNaN();
    if (epsilon < 500) {
      double x = sigma * sigma * Math.log((Math.exp(epsilon) - 1 + q) / q) + 0.5;
      double mixture = (1 - q) * normal(-x / sigma) + q * normal((1 - x) / sigma);
      assertThat(mixture - Math.exp(epsilon) * normal(-x / sigma)).isLessThanOrEqualTo(DELTA);
    } else {
      // one step alone has a loss of more than that with a probability of q / 2
      double least = (1 / (2 * sigma * sigma)) + Math.log(q);
      assertThat(epsilon).isGreaterThan(Math.min(500, least));
    }
  }

  @ParameterizedTest
  @CsvSource({"0.5, 2", "1, 1.1", "3, 32", "20, 256", "0.4, 17.3"})
  void withoutSamplingItIsTheGaussianMechanism(double sigma, double order) {
    double expected = order / (2 * sigma * sigma);
    assertThat(RenyiDivergence.of(1, sigma, order)).isCloseTo(expected, offset(1e-12 * expected));
    double nearly = RenyiDivergence.of(1 - 1e-15, sigma, order);
    assertThat(nearly).isCloseTo(expected, offset(1e-11 * expected));
  }

  /** The sum for whole orders; log-space, all terms positive. */
  private static double wholeOrder(double q, double sigma, int a) {
    double[] logs = new double[a + 1];
    double logBinomial = 0;
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k <= a; k++) {
      logs[k] =
          logBinomial
              + k * Math.log(q)
              + (a - k) * Math.log1p(-q)
              + (k * (double) k - k) / (2 * sigma * sigma);
      largest = Math.max(largest, logs[k]);
      logBinomial += Math.log((a - k) / (k + 1.0));
    }
    double sum = 0;
    for (double log : logs) {
      sum += Math.exp(log - largest);
    }
    return (largest + Math.log(sum)) / (a - 1);
  }

  @Test
  void wholeOrdersAreTheSumsOfThePaper() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 200; i++) {
      double q = Math.pow(10, random.nextDouble(-4, 0));
      double sigma = 0.4 * Math.pow(50, random.nextDouble());
      int order = 2 + random.nextInt(255);
      double expected = wholeOrder(q, sigma, order);
      assertThat(RenyiDivergence.of(q, sigma, order))
          .as("q %s sigma %s order %d", q, sigma, order)
          .isCloseTo(expected, offset(1e-10 * expected + 1e-14));
    }
  }

  /** Up to the largest orders, where a part of the integral is left out, or sampling. */
  @Test
  void largeOrdersAreTheSumsOfThePaperOrMore() {
    SplittableRandom random = new SplittableRandom(2);
    int near = 0;
    for (int i = 0; i < 300; i++) {
      double q = Math.pow(10, random.nextDouble(-6, 0));
      double sigma = 0.4 * Math.pow(1e4, random.nextDouble());
      int order = (int) Math.pow(2, random.nextDouble(8, 17));
      double expected = wholeOrder(q, sigma, order);
      double divergence = RenyiDivergence.of(q, sigma, order);
      boolean isNear = divergence <= expected * (1 + 1e-8) + 1e-13;
      near += isNear ? 1 : 0;
      assertThat(divergence)
          .as("q %s sigma %s order %d", q, sigma, order)
          .isGreaterThanOrEqualTo(expected * (1 - 1e-8) - 1e-13);
      assertThat(isNear || expected * (order - 1) > 1000).isTrue();
    }
    assertThat(near).isGreaterThan(100);
  }

  /** Recorded with 40 digits by conformance/record_privacy.py; orders that are not whole, too. */
  @ParameterizedTest
  @CsvFileSource(files = "../conformance/privacy-rdp.csv", numLinesToSkip = 1)
  void divergencesAreThoseOfExactIntegration(
      double samplingRate, double noiseMultiplier, double order, double divergence) {
    assertThat(RenyiDivergence.of(samplingRate, noiseMultiplier, order))
        .isCloseTo(divergence, offset(1e-11 * divergence));
  }

  /** One step of either direction, from the distributions themselves. */
  @ParameterizedTest
  @CsvSource({"0.01, 0.8", "0.3, 2", "0.001, 0.5", "0.9, 1"})
  void oneStepIsTheHockeyStickOfTheTwoDistributions(double q, double sigma) {
    var accountant = with(new LossDistributionAccountant(), new SampledGaussian(q, sigma, 1));
    for (double epsilon : new double[] {0.01, 0.1, 1, 3}) {
      double x = sigma * sigma * Math.log((Math.exp(epsilon) - 1 + q) / q) + 0.5;
      double mixture = (1 - q) * normal(-x / sigma) + q * normal((1 - x) / sigma);
      double removed = mixture - Math.exp(epsilon) * normal(-x / sigma);
      double added = 0;
      if (Math.exp(-epsilon) > 1 - q) {
        double y = sigma * sigma * Math.log((Math.exp(-epsilon) - 1 + q) / q) + 0.5;
        double below = (1 - q) * normal(y / sigma) + q * normal((y - 1) / sigma);
        added = normal(y / sigma) - Math.exp(epsilon) * below;
      }
      double exact = Math.max(removed, added);
      assertThat(accountant.delta(epsilon)).isBetween(exact, exact * (1 + 1e-4) + 1e-10);
    }
  }

  /** As conformance/record_privacy_epsilon.py recorded it, which uses no grid of losses. */
  @ParameterizedTest
  @CsvFileSource(files = "../conformance/privacy-epsilon.csv", numLinesToSkip = 1)
  void whatIsStatedIsTheExactEpsilonFromAbove(
      double samplingRate, double noiseMultiplier, long steps, double delta, String recorded) {
    SampledGaussian all = new SampledGaussian(samplingRate, noiseMultiplier, steps);
    BigDecimal exact = new BigDecimal(recorded);
    double tight = with(new LossDistributionAccountant(), all).epsilon(delta).epsilon();
    double most =
        samplingRate == 1
            ? exact.doubleValue() * (1 + 1e-6)
            : exact.doubleValue() * (1 + 1e-4) + 1e-5;
    assertThat(new BigDecimal(tight)).isGreaterThanOrEqualTo(exact);
    assertThat(tight).isLessThanOrEqualTo(most);
    assertThat(new BigDecimal(BoundFormat.upperBound(tight))).isGreaterThanOrEqualTo(exact);
    double renyi = with(new RenyiAccountant(), all).epsilon(delta).epsilon();
    assertThat(new BigDecimal(renyi)).isGreaterThanOrEqualTo(exact);
  }

  /** Renyi figures are at least what the formula gives for the recorded divergences. */
  @ParameterizedTest
  @CsvFileSource(files = "../conformance/privacy-rdp.csv", numLinesToSkip = 1)
  void renyiFiguresAreNotBelowTheirFormula(
      double samplingRate, double noiseMultiplier, double order, double divergence) {
    var renyi =
        with(new RenyiAccountant(order), new SampledGaussian(samplingRate, noiseMultiplier, 1000));
    double rdp = 1000 * divergence;
    double older = rdp - Math.log(DELTA) / (order - 1);
    double improved =
        rdp + Math.log1p(-1 / order) - (Math.log(DELTA) + Math.log(order)) / (order - 1);
    assertThat(renyi.epsilon(DELTA).epsilon())
        .isBetween(improved + 1e-11 * rdp, improved + 1e-9 * older);
    assertThat(renyi.epsilonByOlderConversion(DELTA).epsilon())
        .isBetween(older + 1e-11 * rdp, older * (1 + 1e-9));
  }

  /** Two different steps by adding up all pairs of losses. */
  @Test
  void compositionIsTheSumOfIndependentLosses() {
    double grid = 1e-3;
    LossDistribution a = LossDistribution.of(0.2, 1.5, true, grid, 9.5);
    LossDistribution b = LossDistribution.of(0.4, 2.5, true, grid, 9.5);
    List<SampledGaussian> steps =
        List.of(new SampledGaussian(0.2, 1.5, 1), new SampledGaussian(0.4, 2.5, 1));
    for (double epsilon : new double[] {0, 0.5, 2}) {
      double delta = 1 - (1 - a.infinite()) * (1 - b.infinite());
      for (int i = 0; i < a.probabilities().length; i++) {
        for (int j = 0; j < b.probabilities().length; j++) {
          double loss = (a.first() + i + b.first() + j) * grid;
          if (loss > epsilon) {
            delta -= a.probabilities()[i] * b.probabilities()[j] * Math.expm1(epsilon - loss);
          }
        }
      }
      ComposedLoss both = LossComposition.atEpsilon(steps, true, grid, epsilon);
      assertThat(both.delta(epsilon)).isCloseTo(delta, offset(1e-11));
    }
  }

  @Test
  void nothingIsRevealedWithoutExamplesOrSteps() {
    for (Accountant accountant : List.of(new RenyiAccountant(), new LossDistributionAccountant())) {
      accountant.add(new SampledGaussian(0, 1, 100));
      accountant.add(new SampledGaussian(0.5, 1, 0));
      assertThat(accountant.epsilon(DELTA).epsilon()).isZero();
      assertThat(accountant.delta(0.1)).isZero();
    }
  }

  @Test
  void noNoiseStatesNothing() {
    for (Accountant accountant : List.of(new RenyiAccountant(), new LossDistributionAccountant())) {
      accountant.add(new SampledGaussian(0.1, 0, 1));
      assertThat(accountant.epsilon(DELTA).epsilon()).isInfinite();
      assertThat(accountant.delta(5)).isEqualTo(1);
    }
  }

  @Test
  void stepsMayBeAddedInAnyParts() {
    for (boolean renyi : new boolean[] {true, false}) {
      Accountant whole = renyi ? new RenyiAccountant() : new LossDistributionAccountant();
      Accountant parts = renyi ? new RenyiAccountant() : new LossDistributionAccountant();
      whole.add(new SampledGaussian(0.01, 1, 100));
      whole.add(new SampledGaussian(0.02, 1.5, 50));
      for (int i = 0; i < 10; i++) {
        parts.add(new SampledGaussian(0.01, 1, 10));
        parts.add(new SampledGaussian(0.02, 1.5, 5));
      }
      assertThat(parts.epsilon(DELTA).epsilon())
          .isCloseTo(whole.epsilon(DELTA).epsilon(), offset(1e-9));
    }
  }

  @Test
  void moreOfEverythingRevealsMore() {
    double before = 0;
    for (double[] step :
        new double[][] {{0.01, 2, 100}, {0.02, 2, 100}, {0.02, 1, 100}, {0.02, 1, 200}}) {
      SampledGaussian steps = new SampledGaussian(step[0], step[1], (long) step[2]);
      double renyi = with(new RenyiAccountant(), steps).epsilon(DELTA).epsilon();
      double tight = with(new LossDistributionAccountant(), steps).epsilon(DELTA).epsilon();
      assertThat(tight).isGreaterThan(before).isLessThan(renyi);
      before = tight;
    }
  }

  @Test
  void theTightestIsTheSmallerOfTheTwo() {
    SampledGaussian usual = new SampledGaussian(0.01, 1, 1000);
    assertThat(with(new TightestAccountant(), usual).epsilon(DELTA))
        .isEqualTo(with(new LossDistributionAccountant(), usual).epsilon(DELTA));
    SampledGaussian many = new SampledGaussian(1e-6, 1, 1_000_000_000_000L);
    assertThat(with(new TightestAccountant(), many).epsilon(DELTA))
        .isEqualTo(with(new RenyiAccountant(), many).epsilon(DELTA));
    assertThat(with(new TightestAccountant(), usual).keeps(2.11, DELTA)).isTrue();
    assertThat(with(new TightestAccountant(), usual).keeps(1, DELTA)).isFalse();
  }

  @Test
  void anyNumbersHaveAFigureInTime() throws Exception {
    requireFigures(12, 4);
  }

  @Test
  @Tag("slow")
  void manyNumbersHaveAFigureInTime() throws Exception {
    requireFigures(60, 3);
  }

  /** In seconds, whatever the numbers are; never NaN, and never negative. */
  private static void requireFigures(int settings, long seed) throws Exception {
    double[] rates = {1, 1 - 1e-9, 0.5, 0.01, 1e-4, 1e-9, 1e-18, Double.MIN_VALUE};
    double[] noises = {Double.MIN_VALUE, 1e-8, 1e-3, 0.03, 0.06, 0.3, 1, 30, 1e8, 1e300};
    long[] counts = {1, 100, 1_000_000, 1L << 33, 1L << 40, Long.MAX_VALUE};
    double[] deltas = {Double.MIN_VALUE, 1e-300, 1e-100, 1e-15, 1e-5, 0.5, 0.999};
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < settings; i++) {
      SampledGaussian steps =
          new SampledGaussian(
              rates[random.nextInt(rates.length)],
              noises[random.nextInt(noises.length)],
              counts[random.nextInt(counts.length)]);
      double delta = deltas[random.nextInt(deltas.length)];
      ProcessorTime.requireAtMost(
          30,
          steps + " " + delta,
          () -> {
            double renyi = with(new RenyiAccountant(), steps).epsilon(delta).epsilon();
            double loss = with(new LossDistributionAccountant(), steps).epsilon(delta).epsilon();
            assertThat(renyi).isNotNaN().isNotNegative();
            assertThat(loss).isNotNaN().isNotNegative();
          });
    }
  }

  @Test
  void moreStepsThanCanBeCountedAreRefused() {
    SampledGaussian most = new SampledGaussian(0.5, 1, Long.MAX_VALUE);
    assertThatThrownBy(() -> with(new LossDistributionAccountant(), most, most))
        .hasMessageContaining("the count of steps must be at most 9223372036854775807, but was");
  }

  @Test
  void wrongArgumentsAreRefused() {
    assertThatThrownBy(() -> new SampledGaussian(1.5, 1, 1))
        .hasMessage("samplingRate must be from 0 to 1, but was 1.5");
    assertThatThrownBy(() -> new SampledGaussian(0.5, -1, 1))
        .hasMessage("noiseMultiplier must not be negative, but was -1.0");
    assertThatThrownBy(() -> new RenyiAccountant().epsilon(0))
        .hasMessage("delta must be between 0 and 1, but was 0.0");
    assertThatThrownBy(() -> new RenyiAccountant(1.0))
        .hasMessage("orders must be finite and more than 1, but one was 1.0");
  }
}
