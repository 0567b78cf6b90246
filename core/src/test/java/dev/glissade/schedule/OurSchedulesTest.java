package dev.glissade.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.Schedule;
import dev.glissade.catalog.Catalog;
import dev.glissade.schedule.WarmupStableDecaySchedule.Cooldown;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Schedules that the original lacks, against the formulas of their papers. */
class OurSchedulesTest {
  private static final double[] COUNTS = {0, 1, 4, 5, 6, 19, 20, 21, 25, 29, 30, 31, 1000};

  /** Haegele et al. 2024, with their n, N and N_decay. */
  @Test
  void warmupStableDecay() {
    WarmupStableDecaySchedule root = Schedules.warmupStableDecaySchedule(0, 0.6, 5, 15, 10);
    WarmupStableDecaySchedule line = root.cooldown(Cooldown.LINEAR);
    for (double n : COUNTS) {
      double done = Math.min(Math.max(n - (30 - 10), 0) / 10, 1);
      double warm = Math.min(n / 5, 1);
      assertThat(root.at(n)).isCloseTo(0.6 * warm * (1 - Math.sqrt(done)), offset(1e-15));
      assertThat(line.at(n)).isCloseTo(0.6 * warm * (1 - done), offset(1e-15));
      assertThat(line.initValue(0.6).endValue(0.1).at(n))
          .isCloseTo(0.6 - 0.5 * done, offset(1e-15));
    }
  }

  @Test
  void partsOfNoStepsAreLeftOut() {
    assertThat(Schedules.warmupStableDecaySchedule(0, 2, 0, 3, 0).at(0)).isEqualTo(2);
    assertThat(Schedules.warmupStableDecaySchedule(0, 2, 0, 3, 0).at(3)).isZero();
    assertThat(Schedules.warmupStableDecaySchedule(0, 2, 0, 0, 4).at(0)).isEqualTo(2);
    assertThat(Schedules.warmupStableDecaySchedule(0, 2, 0, 0, 0).endValue(7).at(0)).isEqualTo(7);
  }

  /** Vaswani et al. 2017: d^(-1/2) min(n^(-1/2), n w^(-3/2)). */
  @Test
  void inverseSqrt() {
    int w = 20;
    double size = Math.pow(512, -0.5);
    InverseSqrtSchedule schedule = Schedules.inverseSqrtSchedule(0, size * Math.pow(w, -0.5), w);
    for (double n : COUNTS) {
      double paper = size * Math.min(Math.pow(n, -0.5), n * Math.pow(w, -1.5));
      assertThat(schedule.at(n)).isCloseTo(paper, offset(1e-15));
    }
    InverseSqrtSchedule cold = new InverseSqrtSchedule(9, 0.5, 0, 100);
    assertThat(cold.at(0)).isEqualTo(0.5);
    assertThat(cold.at(300)).isEqualTo(0.25);
    assertThat(schedule.initValue(0.3).at(0)).isEqualTo(0.3);
  }

  /** Pagliardini et al. 2024, with their step t from 1. */
  @Test
  void ademamix() {
    Schedule alpha = Schedules.ademamixAlphaSchedule(5, 30);
    Schedule b3 = Schedules.ademamixB3Schedule(0.9, 0.9999, 30);
    for (double count : COUNTS) {
      double t = count + 1;
      double a = Math.min(t / 30, 1);
      assertThat(alpha.at(count)).isCloseTo(5 * a, offset(1e-14));
      double paper =
          Math.exp(
              Math.log(0.9) * Math.log(0.9999) / ((1 - a) * Math.log(0.9999) + a * Math.log(0.9)));
      assertThat(b3.at(count)).isCloseTo(Math.min(paper, 0.9999), offset(1e-14));
    }
    assertThat(b3.at(29)).isEqualTo(0.9999);
    // the half-life, about ln 2 / (1 - b), is halfway between those of 0.9 and 0.9999
    double halfLife = Math.log(0.5) / Math.log(b3.at(14));
    double mean = (Math.log(0.5) / Math.log(0.9) + Math.log(0.5) / Math.log(0.9999)) / 2;
    assertThat(halfLife).isCloseTo(mean, offset(1e-9 * mean));
    Schedule fromZero = Schedules.ademamixB3Schedule(0, 0.99, 10);
    assertThat(fromZero.at(0)).isCloseTo(Math.pow(0.99, 10), offset(1e-15));
  }

  @Test
  void byNameWithDefaults() {
    Catalog catalog = Catalog.standard();
    for (Schedule schedule :
        List.of(
            Schedules.warmupStableDecaySchedule(0, 1, 2, 3, 4),
            Schedules.warmupStableDecaySchedule(0, 1, 2, 3, 4).cooldown(Cooldown.LINEAR),
            Schedules.inverseSqrtSchedule(0, 1, 2),
            new InverseSqrtSchedule(0, 1, 0, 5),
            Schedules.ademamixAlphaSchedule(5, 9),
            Schedules.ademamixB3Schedule(0.9, 0.999, 9))) {
      assertThat(catalog.schedule(catalog.plain(schedule))).isEqualTo(schedule);
    }
    Map<String, Object> steps =
        Map.of(
            "init_value",
            0,
            "peak_value",
            1,
            "warmup_steps",
            2,
            "stable_steps",
            3,
            "decay_steps",
            4);
    assertThat(catalog.schedule(Map.of("name", "warmup_stable_decay_schedule", "args", steps)))
        .isEqualTo(Schedules.warmupStableDecaySchedule(0, 1, 2, 3, 4));
  }

  @Test
  void wrongArguments() {
    assertThatThrownBy(() -> Schedules.warmupStableDecaySchedule(0, 1, -1, 0, 0))
        .hasMessage("warmupSteps must be at least 0, but was -1");
    assertThatThrownBy(() -> Schedules.inverseSqrtSchedule(0, 1, 0))
        .hasMessage("warmupSteps must be positive without a timescale, but was 0");
    assertThatThrownBy(() -> Schedules.inverseSqrtSchedule(0, 1, 5).timescale(0))
        .hasMessage("timescale must be positive, but was 0");
    assertThatThrownBy(() -> Schedules.ademamixB3Schedule(0.9, 1, 5))
        .hasMessage("b3 must be greater than 0 and less than 1, but was 1.0");
    assertThatThrownBy(() -> Schedules.ademamixAlphaSchedule(-1, 5))
        .hasMessage("alpha must not be negative, but was -1.0");
  }
}
