package dev.glissade.arena.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DivergenceTest {
  @ParameterizedTest
  @CsvSource({
    "0.7, 0.6931, 1, false",
    "0.6931, 0.69314718057, 1, false",
    "0.6931, 0.9, 1, false",
    "0.7, 1.4, 1, false",
    "0.7, 1.41, 1, true",
    "0.01, 1.3, 1, false",
    "50, 99, 1, false",
    "50, 101, 1, true",
    "0.7, NaN, 1, true",
    "0.7, Infinity, 1, true",
    "0.7, 0, 1000, false",
    "0.7, 0, 1e28, true",
    "0.7, 0, -1e28, true",
    "0.7, 0.5, NaN, true",
    "0.7, 0.5, -Infinity, true",
  })
  void byLossAndParameters(double before, double after, float param, boolean diverged) {
    assertThat(Divergence.is(before, after, 2, List.of(new float[3], new float[] {0, param})))
        .isEqualTo(diverged);
  }
}
