package dev.glissade.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.testing.ProcessorTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrivacyBudgetTest {
  private static final double DELTA = 1e-5;

  private static double epsilon(double q, double sigma, long steps, double delta) {
    TightestAccountant accountant = new TightestAccountant();
    accountant.add(new SampledGaussian(q, sigma, steps));
    return accountant.epsilon(delta).epsilon();
  }

  /** Small budgets and large ones, by the tightest accountant. */
  @ParameterizedTest
  @CsvSource({"3, 1e-5, 0.01, 100", "50, 1e-6, 0.1, 20"})
  void whatIsFoundKeepsTheBudgetAndLittleMoreDoesNot(
      double epsilon, double delta, double q, long steps) {
    requireFound(epsilon, delta, q, steps);
  }

  @ParameterizedTest
  @Tag("slow")
  @CsvSource({
    "3, 1e-5, 0.01, 1000",
    "1e-4, 1e-5, 0.01, 500",
    "1, 1e-12, 0.01, 500",
    "1e-3, 1e-15, 0.02, 300",
    "2, 1e-100, 0.05, 200",
    "1, 1e-5, 1, 40"
  })
  void whatIsFoundKeepsOtherBudgets(double epsilon, double delta, double q, long steps) {
    requireFound(epsilon, delta, q, steps);
  }

  private static void requireFound(double epsilon, double delta, double q, long steps) {
    PrivacyBudget budget = PrivacyBudget.of(epsilon, delta);
    double noise = budget.noiseMultiplierFor(q, steps);
    assertThat(epsilon(q, noise, steps, delta)).isLessThanOrEqualTo(epsilon);
    assertThat(epsilon(q, noise * 0.9998, steps, delta)).isGreaterThan(epsilon);
    long found = budget.stepsFor(q, noise);
    assertThat(found).isGreaterThanOrEqualTo(steps);
    assertThat(epsilon(q, noise, found, delta)).isLessThanOrEqualTo(epsilon);
    assertThat(epsilon(q, noise, found + 1, delta)).isGreaterThan(epsilon);
    double rate = budget.samplingRateFor(noise, steps);
    assertThat(epsilon(rate, noise, steps, delta)).isLessThanOrEqualTo(epsilon);
    if (rate < 1) {
      assertThat(epsilon(Math.min(1, rate * 1.0002), noise, steps, delta)).isGreaterThan(epsilon);
    }
  }

  /**
   * 60,000 examples in batches of 256, 15 epochs: checked by an integral along the saddle point
   * that has no grid.
   */
  @ParameterizedTest
  @CsvSource({"0.01, 61.70", "0.02, 33.37"})
  void smallBudgetsNeedNoMoreNoiseThanIsEnough(double epsilon, double noise) {
    assertThat(PrivacyBudget.of(epsilon, DELTA).noiseMultiplierFor(256 / 60000.0, 3516))
        .isCloseTo(noise, offset(0.01));
  }

  /** Balle and Wang's noise of one sum at delta 1e-5: epsilon 4.37717... has 1. */
  @Test
  void withoutSamplingItIsTheAnalyticGaussian() {
    assertThat(PrivacyBudget.of(4.3771780958, DELTA).noiseMultiplierFor(1, 1))
        .isCloseTo(1, offset(1e-4));
  }

  @Test
  void theTighterAccountantNeedsLessNoise() {
    double renyi = PrivacyBudget.of(1, DELTA, RenyiAccountant::new).noiseMultiplierFor(0.05, 100);
    double tight = PrivacyBudget.of(1, DELTA).noiseMultiplierFor(0.05, 100);
    assertThat(tight).isPositive().isLessThan(renyi * 0.98);
  }

  @Test
  void whatWasSpentIsMissing() {
    PrivacyBudget all = PrivacyBudget.of(3, DELTA);
    SampledGaussian kind = new SampledGaussian(0.01, 1, 1);
    long alone = all.stepsFor(kind);
    List<SampledGaussian> spent = List.of(kind.withCount(alone / 3));
    assertThat(all.after(spent).stepsFor(kind)).isEqualTo(alone - alone / 3);
    assertThat(all.after(List.of(kind.withCount(alone))).stepsFor(kind)).isZero();
    double other = all.after(spent).noiseMultiplierFor(0.02, 100);
    assertThat(other).isGreaterThan(all.noiseMultiplierFor(0.02, 100));
    assertThatThrownBy(
            () -> all.after(List.of(kind.withCount(2 * alone))).noiseMultiplierFor(0.02, 100))
        .hasMessage(
            "the steps already spent must stay within epsilon 3.0 at delta 1.0E-5, but exceeded it");
  }

  /** A training with the noise that was found asks no accountant until its plan has ended. */
  @Test
  void whatWasFoundIsAllowedAtOnce() {
    AtomicInteger accountants = new AtomicInteger();
    PrivacyBudget budget =
        PrivacyBudget.of(
            2,
            DELTA,
            () -> {
              accountants.incrementAndGet();
              return new RenyiAccountant();
            });
    double noise = budget.noiseMultiplierFor(0.01, 100);
    int before = accountants.get();
    SampledGaussian unit = new SampledGaussian(0.01, noise, 1);
    for (int steps = 0; steps < 100; steps++) {
      assertThat(budget.after(List.of(unit.withCount(steps))).allows(unit)).isTrue();
    }
    assertThat(accountants).hasValue(before);
    long found = budget.stepsFor(0.02, noise);
    before = accountants.get();
    assertThat(budget.allows(new SampledGaussian(0.02, noise, found))).isTrue();
    assertThat(accountants).hasValue(before);
    assertThat(budget.allows(new SampledGaussian(0.02, noise, found + 1))).isFalse();
  }

  /** As a training asks whose ledger others use, too: step by step to the end of the budget. */
  @Test
  void growingNumbersOfStepsAreSeldomReckoned() {
    AtomicInteger reckoned = new AtomicInteger();
    PrivacyBudget budget =
        PrivacyBudget.of(
            2,
            DELTA,
            () -> {
              reckoned.incrementAndGet();
              return new RenyiAccountant();
            });
    SampledGaussian unit = new SampledGaussian(0.01, 1, 1);
    long steps = 0;
    while (budget.after(List.of(unit.withCount(steps))).allows(unit)) {
      steps++;
    }
    assertThat(steps).isEqualTo(PrivacyBudget.of(2, DELTA, RenyiAccountant::new).stepsFor(unit));
    assertThat(steps).isGreaterThan(500);
    assertThat(reckoned.get()).isLessThan(100);
    assertThat(budget.after(List.of()).allows(unit)).isTrue();
    SampledGaussian another = new SampledGaussian(0.02, 1, 1);
    assertThat(budget.after(List.of(unit.withCount(steps))).allows(another)).isFalse();
  }

  /** Every search ends, in seconds. */
  @ParameterizedTest
  @CsvSource({"1e-9, 1e-5, 0.01, 1000", "1e-9, 1e-300, 1, 1000000000000", "1e300, 1e-5, 0.5, 1"})
  void extremesEnd(double epsilon, double delta, double q, long steps) throws Exception {
    requireEnd(epsilon, delta, q, steps);
  }

  @ParameterizedTest
  @Tag("slow")
  @CsvSource({
    "1e9, 1e-5, 0.01, 1000",
    "1e9, 1e-300, 1e-15, 1000000000000",
    "1, 0.999, 0.01, 1000",
    "1e-300, 1e-5, 1e-6, 1"
  })
  void otherExtremesEnd(double epsilon, double delta, double q, long steps) throws Exception {
    requireEnd(epsilon, delta, q, steps);
  }

  private static void requireEnd(double epsilon, double delta, double q, long steps)
      throws Exception {
    ProcessorTime.requireAtMost(
        60,
        "a noise multiplier",
        () -> {
          PrivacyBudget budget = PrivacyBudget.of(epsilon, delta);
          double noise = budget.noiseMultiplierFor(q, steps);
          assertThat(noise).isPositive();
          assertThat(budget.allows(new SampledGaussian(q, noise, steps))).isTrue();
        });
  }

  @ParameterizedTest
  @CsvSource("1, 1e-12, 30")
  void otherSearchesEndAsWell(double epsilon, double q, double noise) throws Exception {
    requireStepsAndRate(epsilon, q, noise);
  }

  @ParameterizedTest
  @Tag("slow")
  @CsvSource({"1e9, 0.01, 0.001", "1e-9, 0.5, 1e6", "1e9, 1e-9, 1"})
  void searchesOfExtremesEnd(double epsilon, double q, double noise) throws Exception {
    requireStepsAndRate(epsilon, q, noise);
  }

  private static void requireStepsAndRate(double epsilon, double q, double noise) throws Exception {
    ProcessorTime.requireAtMost(
        60,
        "steps and a rate",
        () -> {
          PrivacyBudget budget = PrivacyBudget.of(epsilon, DELTA);
          assertThat(budget.stepsFor(q, noise)).isNotNegative();
          assertThat(budget.samplingRateFor(noise, 1L << 40)).isNotNegative();
        });
  }

  @Test
  void limits() {
    assertThat(PrivacyBudget.of(1, DELTA).noiseMultiplierFor(0, 100)).isZero();
    assertThat(PrivacyBudget.of(1e9, DELTA).samplingRateFor(1, 10)).isEqualTo(1);
    assertThat(PrivacyBudget.of(1e9, DELTA).stepsFor(1e-9, 1)).isEqualTo(1L << 40);
    assertThat(PrivacyBudget.of(1e-3, DELTA).stepsFor(1, 1)).isZero();
    assertThatThrownBy(() -> PrivacyBudget.of(0, DELTA))
        .hasMessage("epsilon must be positive, but was 0.0");
    assertThatThrownBy(() -> PrivacyBudget.of(1, 1))
        .hasMessage("delta must be between 0 and 1, but was 1.0");
  }
}
