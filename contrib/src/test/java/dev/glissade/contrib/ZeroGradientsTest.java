package dev.glissade.contrib;

import dev.glissade.testing.ZeroGradientsContract;

/** Gradients of zero, at first, give no NaN. */
class ZeroGradientsTest extends ZeroGradientsContract {
  ZeroGradientsTest() {
    super(AllOptimizers.ours());
  }
}
