package dev.glissade.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.catalog.Catalog;
import dev.glissade.catalog.Entry;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Composite;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Optimizers, transformations and combinators compute what the original computes. */
@Tag("vectors")
class TrajectoriesTest {
  /** The original has none of that name. */
  private static final Set<String> OURS =
      Set.of(
          "keep_params_in",
          "lawa",
          "lbfgsb",
          "master_weights",
          "params_ema",
          "scale_by_lbfgsb",
          "swa");

  static List<Trajectory> cases() throws IOException {
    return Trajectory.all().stream().filter(one -> one.unknownParts().isEmpty()).toList();
  }

  /** All cases; each n-th where the tests run once more, with vectors. */
  static List<Trajectory> share() throws IOException {
    int share = Integer.getInteger("contract.share", 1);
    List<Trajectory> all = cases();
    return IntStream.range(0, all.size()).filter(i -> i % share == 0).mapToObj(all::get).toList();
  }

  @ParameterizedTest
  @MethodSource("share")
  void functional(Trajectory recorded) {
    recorded.requireOriginals(DType.FLOAT64, false);
    recorded.requireOriginals(DType.FLOAT32, false);
  }

  @ParameterizedTest
  @MethodSource("share")
  void inPlace(Trajectory recorded) {
    recorded.requireOriginals(DType.FLOAT64, true);
    recorded.requireOriginals(DType.FLOAT32, true);
  }

  /** Collects the types of a transformation and of those that it is made of. */
  private static void collectTypes(GradientTransformation<?> one, Set<Class<?>> types) {
    types.add(one.getClass());
    if (one instanceof Chain chain) {
      chain.transformations().forEach(link -> collectTypes(link, types));
    } else if (one instanceof Composite<?> composite) {
      collectTypes(composite.composed(), types);
    }
  }

  @Test
  void everyOptimizerAndTransformationIsRecorded() throws IOException {
    Set<String> recorded = new HashSet<>();
    Set<Class<?>> types = new HashSet<>();
    for (Trajectory one : cases()) {
      recorded.addAll(one.parts());
      collectTypes(one.optimizer(), types);
    }
    Set<String> missing = new TreeSet<>();
    for (Entry entry : Catalog.standard().optimizers()) {
      if (!recorded.contains(entry.name()) && !types.contains(entry.prototype().getClass())) {
        missing.add(entry.name());
      }
    }
    assertThat(missing).isEqualTo(OURS);
  }
}
