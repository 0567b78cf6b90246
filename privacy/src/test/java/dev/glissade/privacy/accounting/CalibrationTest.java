package dev.glissade.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CalibrationTest {
  private static final double DELTA = 1e-5;

  private static double epsilon(double q, double sigma, long steps) {
    RenyiAccountant accountant = new RenyiAccountant();
    accountant.add(new SampledGaussian(q, sigma, steps));
    return accountant.epsilon(DELTA).epsilon();
  }

  @Test
  void whatIsFoundKeepsTheBudgetAndLittleMoreDoesNot() {
    Calibration three = Calibration.of(3, DELTA);
    double noise = three.noiseMultiplierFor(0.01, 1000);
    assertThat(epsilon(0.01, noise, 1000)).isLessThanOrEqualTo(3);
    assertThat(epsilon(0.01, noise * 0.999, 1000)).isGreaterThan(3);
    long steps = three.stepsFor(0.01, 1);
    assertThat(epsilon(0.01, 1, steps)).isLessThanOrEqualTo(3);
    assertThat(epsilon(0.01, 1, steps + 1)).isGreaterThan(3);
    double rate = three.samplingRateFor(1, 1000);
    assertThat(epsilon(rate, 1, 1000)).isLessThanOrEqualTo(3);
    assertThat(epsilon(rate * 1.001, 1, 1000)).isGreaterThan(3);
  }

  @Test
  void theTighterAccountantNeedsLessNoise() {
    double renyi = Calibration.of(1, DELTA).noiseMultiplierFor(0.05, 100);
    double tight =
        Calibration.of(1, DELTA, LossDistributionAccountant::new).noiseMultiplierFor(0.05, 100);
    assertThat(tight).isPositive().isLessThan(renyi);
  }

  @Test
  void limits() {
    assertThat(Calibration.of(1, DELTA).noiseMultiplierFor(0, 100)).isZero();
    assertThat(Calibration.of(1e9, DELTA).samplingRateFor(1, 10)).isEqualTo(1);
    assertThatThrownBy(() -> Calibration.of(0, DELTA)).hasMessage("epsilon must be positive: 0.0");
    assertThatThrownBy(() -> Calibration.of(1, 1)).hasMessage("delta must be between 0 and 1: 1.0");
  }
}
