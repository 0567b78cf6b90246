package dev.glissade.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.DType;
import dev.glissade.catalog.Catalog;
import dev.glissade.catalog.Entry;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Optimizers, transformations and combinators compute what the original computes. */
@Tag("vectors")
class TrajectoriesTest {
  /** The original has none of that name. */
  private static final Set<String> OURS =
      Set.of("keep_params_in", "lawa", "master_weights", "params_ema", "swa");

  static List<Trajectory> cases() throws IOException {
    return Trajectory.all().stream().filter(one -> one.unknownParts().isEmpty()).toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void functional(Trajectory recorded) {
    recorded.requireOriginals(DType.FLOAT64, false);
    recorded.requireOriginals(DType.FLOAT32, false);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inPlace(Trajectory recorded) {
    recorded.requireOriginals(DType.FLOAT64, true);
    recorded.requireOriginals(DType.FLOAT32, true);
  }

  @Test
  void everyOptimizerAndTransformationIsRecorded() throws IOException {
    Set<String> recorded = new HashSet<>();
    cases().forEach(one -> recorded.addAll(one.parts()));
    Set<String> missing =
        Catalog.standard().optimizers().stream()
            .map(Entry::name)
            .collect(Collectors.toCollection(TreeSet::new));
    missing.removeAll(recorded);
    assertThat(missing).isEqualTo(OURS);
  }
}
