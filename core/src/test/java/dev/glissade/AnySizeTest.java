package dev.glissade;

import dev.glissade.testing.AnySizeContract;
import dev.glissade.testing.CoreOptimizers;

/** Gradients of any size in place and not. */
class AnySizeTest extends AnySizeContract {
  AnySizeTest() {
    super(CoreOptimizers.plain());
  }
}
