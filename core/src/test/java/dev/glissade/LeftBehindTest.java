package dev.glissade;

import dev.glissade.testing.CoreOptimizers;
import dev.glissade.testing.LeftBehindContract;

/** Nothing of a stepper that is gone. */
class LeftBehindTest extends LeftBehindContract {
  LeftBehindTest() {
    super(CoreOptimizers.plain());
  }
}
