package dev.glissade.arena.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StatisticsTest {
  private static SortedMap<Long, Double> bySeed(double... numbers) {
    SortedMap<Long, Double> map = new TreeMap<>();
    for (int i = 0; i < numbers.length; i++) {
      map.put((long) i, numbers[i]);
    }
    return map;
  }

  @Test
  void meanAndSampleDeviation() {
    Statistics statistics = Statistics.of(2, 4, 4, 4, 5, 5, 7, 9);
    assertThat(statistics.mean()).isEqualTo(5);
    assertThat(statistics.deviation()).isCloseTo(Math.sqrt(32.0 / 7), within(1e-12));
    assertThat(Statistics.of(3).hasDeviation()).isFalse();
    assertThat(Statistics.of(3, Double.NaN).hasDeviation()).isFalse();
  }

  /** By hand: differences 1, 2, 3, 4, 5 have the deviation sqrt(2.5), and t is 2.776445. */
  @Test
  void pairedDifferenceHasTheIntervalOfStudent() {
    PairedDifference difference =
        PairedDifference.of(bySeed(11, 22, 33, 44, 55), bySeed(10, 20, 30, 40, 50));
    assertThat(difference.mean()).isEqualTo(3);
    assertThat(difference.halfWidth())
        .isCloseTo(2.7764451 * Math.sqrt(2.5) / Math.sqrt(5), within(1e-6));
    assertThat(difference.mayBeNoise()).isFalse();
    assertThat(PairedDifference.of(bySeed(1, 4), bySeed(2, 2)).mayBeNoise()).isTrue();
  }

  /** After Ctrl-C, optimizers have different seeds. */
  @Test
  void onlyCommonSeedsCount() {
    PairedDifference difference = PairedDifference.of(bySeed(1, 2, 100), bySeed(0, 0));
    assertThat(difference.pairs()).isEqualTo(2);
    assertThat(difference.mean()).isEqualTo(1.5);
    assertThat(PairedDifference.of(bySeed(1), bySeed(0)).hasInterval()).isFalse();
  }

  /** Test parts are small, so two seeds often have the same difference by chance. */
  @Test
  void equalDifferencesOfFewSeedsAreNotCertain() {
    PairedDifference two = PairedDifference.of(bySeed(0.1, 0.4), bySeed(0.3, 0.6));
    assertThat(two.hasInterval()).isFalse();
    assertThat(two.mayBeNoise()).isTrue();
    assertThat(Metric.ACCURACY.format(two)).isEqualTo("-20.00");
    assertThat(PairedDifference.of(bySeed(1, 1, 1, 1, 1), bySeed(2, 2, 2, 2, 2)).hasInterval())
        .isTrue();
  }

  @Test
  void formats() {
    Metric metric = Metric.ACCURACY;
    assertThat(metric.format(Statistics.of(0.97, 0.98))).isEqualTo("97.50 ± 0.71 %");
    assertThat(metric.format(Statistics.of(0.97))).isEqualTo("97.00 %");
    assertThat(metric.format(Double.NaN)).isEqualTo("not finite");
    assertThat(metric.format(new PairedDifference(-0.0042, 0.0031, 5))).isEqualTo("-0.42 ± 0.31");
    assertThat(metric.format(new PairedDifference(0.0042, Double.NaN, 1))).isEqualTo("+0.42");
    assertThat(Metric.R2.format(Statistics.of(0.42, 0.44))).isEqualTo("0.4300 ± 0.0141");
    assertThat(metric.format(0.951, 0.9742)).isEqualTo("95.10 to 97.42 %");
    assertThat(metric.format(0.951, Double.NaN)).isEqualTo("95.10 % to not finite");
    assertThat(Metric.R2.name()).isEqualTo("test R2");
    assertThat(Metric.R2.key()).isEqualTo("test_r2");
    assertThat(Metric.TEST_LOSS.format(Statistics.of(0.125, 0.125))).isEqualTo("0.1250 ± 0.0000");
  }
}
