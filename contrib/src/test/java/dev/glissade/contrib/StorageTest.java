package dev.glissade.contrib;

import dev.glissade.testing.StorageContract;

/** Where numbers are kept makes no difference. */
class StorageTest extends StorageContract {
  StorageTest() {
    super(AllOptimizers.ours());
  }
}
