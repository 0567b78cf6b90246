package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.DType;
import dev.glissade.catalog.Entry;
import dev.glissade.conformance.Trajectory;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The optimizers of this module compute what the original computes. */
@Tag("vectors")
class TrajectoriesTest {
  private static final Set<String> OURS =
      new ContribEntries().entries().stream().map(Entry::name).collect(Collectors.toSet());

  /** The scalings of recorded optimizers, and what the original does not have. */
  private static final Set<String> UNRECORDED =
      Set.of(
          "power_of_count",
          "scale_by_acprop",
          "scale_by_ademamix",
          "scale_by_simplified_ademamix",
          "scale_by_adopt",
          "scale_by_madgrad",
          "scale_by_galore",
          "scale_by_muon",
          "asam",
          "adaptive_normalize");

  static List<Trajectory> cases() throws IOException {
    return Trajectory.all().stream()
        .filter(one -> one.parts().stream().anyMatch(OURS::contains))
        .toList();
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

  /** So this test and core's run all cases. */
  @Test
  void everyPartOfACaseIsInTheCatalog() throws IOException {
    assertThat(Trajectory.all()).allSatisfy(one -> assertThat(one.unknownParts()).isEmpty());
  }

  @Test
  void everyOptimizerIsRecorded() throws IOException {
    Set<String> recorded = new HashSet<>();
    cases().forEach(one -> recorded.addAll(one.parts()));
    AdditionalEntries.all().forEach(one -> recorded.add(one.name()));
    recorded.addAll(UNRECORDED);
    assertThat(recorded).containsAll(OURS);
  }
}
