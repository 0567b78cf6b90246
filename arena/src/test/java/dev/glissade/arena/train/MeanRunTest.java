package dev.glissade.arena.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.arena.report.Metric;
import dev.glissade.arena.report.Run;
import dev.glissade.arena.report.Trials;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MeanRunTest {
  private static Run run(double score, String... notes) {
    return new Run(
        "sgd",
        "{}",
        new long[0],
        new double[0],
        new double[0],
        new double[] {score, score},
        null,
        1,
        1,
        score,
        1,
        score,
        1,
        7,
        false,
        Double.NaN,
        List.of(notes));
  }

  @Test
  void notesThatDifferNameTheirSeed() {
    String best = "The model is that of epoch 3 of 9, the best on the validation part.";
    Trials trials =
        MeanRun.trials(
            new TreeMap<>(Map.of(7L, run(0.5, "Sam."), 8L, run(0.75, "Sam.", best))), Metric.R2);
    assertThat(trials.mean().notes())
        .containsExactly(
            "Means of 2 seeds; test R2 from 0.5000 to 0.7500.", "Sam.", "Seed 8: " + best);
    assertThat(trials.mean().testScore()).isEqualTo(0.625);
  }

  @Test
  void aSingleRunIsItsMean() {
    Run only = run(0.5);
    assertThat(MeanRun.trials(new TreeMap<>(Map.of(7L, only)), Metric.ACCURACY).mean())
        .isSameAs(only);
  }
}
