package dev.glissade.contrib;

import dev.glissade.optimizer.Optimizers;
import dev.glissade.testing.SharingContract;
import org.junit.jupiter.api.Test;

/** A transformation is shared by threads; a gradient function may use its arrays again. */
class SharingTest extends SharingContract {
  SharingTest() {
    super(AllOptimizers.ours());
  }

  /** As a model does that has one set of gradient arrays. */
  @Test
  void aGradientFunctionMayComputeIntoTheGradientsArraysAgain() {
    for (int period = 2; period < 4; period++) {
      Sam sam =
          Contrib.sam(Optimizers.adam(0.1), Optimizers.sgd(0.05).momentum(0.9))
              .syncPeriod(period)
              .resetState(false)
              .opaqueMode(true);
      compareReuse(sam);
    }
    compareReuse(Contrib.sophia(0.1).updateInterval(1));
  }
}
