package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.catalog.Catalog;
import dev.glissade.catalog.Entry;
import dev.glissade.testing.Contract;
import dev.glissade.testing.CoreOptimizers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the optimizers of this module keep. */
class ContractTest extends Contract {
  ContractTest() {
    super(CoreOptimizers.plain());
  }

  @Test
  void everyEntryOfTheCatalogIsInTheList() {
    assertThat(CoreOptimizers.entries(CoreOptimizers.plain()))
        .containsAll(Catalog.standard().optimizers().stream().map(Entry::name).toList());
  }

  @Override
  protected Map<String, Object> wrappers(Object wrapped) {
    return Map.of(
        "chain", Map.of("transformations", List.of(wrapped)),
        "masked", Map.of("inner", wrapped, "mask", List.of("*")),
        "apply_if_finite", Map.of("inner", wrapped, "max_consecutive_errors", 1),
        "multi_steps", Map.of("opt", wrapped, "every_k_schedule", 1));
  }

  @Override
  protected Set<String> warmedUp() {
    return Set.of("sgd warmed up", "adamw");
  }
}
