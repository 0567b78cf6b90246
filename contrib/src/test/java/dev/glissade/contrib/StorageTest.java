package dev.glissade.contrib;

import dev.glissade.testing.StorageContract;
import java.util.Set;

/** Where numbers are kept makes no difference. */
class StorageTest extends StorageContract {
  StorageTest() {
    super(AllOptimizers.ours());
  }

  /**
   * Decompositions take memory of their own, in the steps that change subspaces or bases; the step
   * after it sees its operands on other arrays.
   */
  @Override
  protected Set<String> sometimesAllocating() {
    return Set.of(
        "galore",
        "galore with options",
        "scale_by_galore",
        "shampoo",
        "shampoo with options",
        "scale_by_shampoo",
        "soap",
        "soap with options",
        "scale_by_soap");
  }
}
