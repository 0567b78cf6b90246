package dev.glissade.contrib;

import dev.glissade.testing.ZeroingContract;

/** A stepper that sets the gradients to zero behind a step takes the same step. */
class ZeroingTest extends ZeroingContract {
  ZeroingTest() {
    super(AllOptimizers.ours());
  }
}
