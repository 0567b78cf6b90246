package dev.glissade.contrib;

import dev.glissade.testing.AnySizeContract;

/** Gradients of any size in place and not. */
class AnySizeTest extends AnySizeContract {
  AnySizeTest() {
    super(AllOptimizers.ours());
  }
}
