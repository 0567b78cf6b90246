package dev.glissade.contrib;

import dev.glissade.testing.PackedContract;

/** Leaves that are slices of common arrays. */
class PackedTest extends PackedContract {
  PackedTest() {
    super(AllOptimizers.ours());
  }
}
