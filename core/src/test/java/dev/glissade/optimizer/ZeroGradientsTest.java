package dev.glissade.optimizer;

import dev.glissade.testing.CoreOptimizers;
import dev.glissade.testing.ZeroGradientsContract;

/** Gradients of zero, at first, give no NaN. */
class ZeroGradientsTest extends ZeroGradientsContract {
  ZeroGradientsTest() {
    super(CoreOptimizers.plain());
  }
}
