package dev.glissade.contrib;

import dev.glissade.testing.StorageContract;
import java.util.Set;

/** Where numbers are kept makes no difference. */
class StorageTest extends StorageContract {
  StorageTest() {
    super(AllOptimizers.ours());
  }

  /** Decompositions take memory of their own, in the steps that change subspaces or bases. */
  @Override
  protected Set<String> sometimesAllocating() {
    return Set.of(
        "galore",
        "galore with options",
        "scale_by_galore",
        "soap",
        "soap with options",
        "scale_by_soap");
  }
}
