package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.catalog.Catalog;
import dev.glissade.catalog.Entry;
import dev.glissade.testing.Contract;
import dev.glissade.testing.CoreOptimizers;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the optimizers of this module keep. */
class ContractTest extends Contract {
  ContractTest() {
    super(AllOptimizers.ours());
  }

  @Test
  void everyEntryOfTheCatalogIsInTheList() {
    assertThat(CoreOptimizers.entries(AllOptimizers.plain()))
        .containsAll(Catalog.standard().optimizers().stream().map(Entry::name).toList());
  }

  @Override
  protected Map<String, Object> wrappers(Object wrapped) {
    return Map.of(
        "cautious", Map.of("base_optimizer", wrapped),
        "galore", Map.of("base_optimizer", wrapped, "learning_rate", 1.0),
        "mechanize", Map.of("base_optimizer", wrapped),
        "asam", Map.of("optimizer", wrapped),
        "schedule_free", Map.of("base_optimizer", wrapped, "learning_rate", 1.0),
        "split_real_and_imaginary", Map.of("inner", wrapped));
  }

  @Override
  protected Set<String> warmedUp() {
    return Set.of(
        "dadapt_adamw warmed up",
        "laprop decayed",
        "dog warmed up",
        "dowg warmed up",
        "momo warmed up",
        "muon with options",
        "galore with options",
        "soap with options",
        "stable_adamw warmed up",
        "adam_mini warmed up",
        "schedule_free in bfloat16",
        "schedule_free_sgd warmed up");
  }
}
