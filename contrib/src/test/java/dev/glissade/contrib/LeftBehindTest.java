package dev.glissade.contrib;

import dev.glissade.testing.LeftBehindContract;

/** Nothing of a stepper that is gone. */
class LeftBehindTest extends LeftBehindContract {
  LeftBehindTest() {
    super(AllOptimizers.ours());
  }
}
