package dev.glissade.arena.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.arena.data.Dataset;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DivergenceTest {
  /** Three examples of one class, one of the other: whoever says the first has .75. */
  private static final Dataset DATA =
      Dataset.of("d", 1, List.of("a", "b"), new float[4], new int[] {0, 0, 1, 0});

  @ParameterizedTest
  @CsvSource({
    "0.7, 0.6931, 0.75, 1, false",
    "0.6931, 0.69314718057, 0.75, 1, false",
    "0.6931, 0.9, 0.25, 1, false",
    "0.7, 1.4, 0.25, 1, false",
    "0.7, 1.41, 0.75, 1, true",
    "0.7, 1.41, 1, 1, false",
    "0.7, 34, 1, 1, false",
    "0.7, 36, 1, 1, true",
    "0.01, 1.3, 0.5, 1, false",
    "50, 99, 0.5, 1, false",
    "50, 101, 0.5, 1, true",
    "0.7, NaN, 1, 1, true",
    "0.7, Infinity, 1, 1, true",
    "0.7, 0, 1, 1000, false",
    "0.7, 0, 1, 1e28, true",
    "0.7, 0, 1, -1e28, true",
    "0.7, 0.5, 1, NaN, true",
    "0.7, 0.5, 1, -Infinity, true",
  })
  void byLossAccuracyAndParameters(
      double before, double after, double accuracy, float param, boolean diverged) {
    Tree params = Tree.of("a", Tensor.of(new float[3]), "b", Tensor.of(new float[] {0, param}));
    assertThat(Divergence.hasDiverged(before, new Metrics(after, accuracy), DATA, params))
        .isEqualTo(diverged);
  }
}
