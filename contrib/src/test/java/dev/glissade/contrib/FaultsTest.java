package dev.glissade.contrib;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.testing.FaultsContract;
import dev.glissade.transform.Transforms;
import java.util.List;
import java.util.Map;

/** A step that throws leaves parameters and state as they were, and the next step works. */
class FaultsTest extends FaultsContract {
  FaultsTest() {
    super(AllOptimizers.ours());
  }

  /** In opaque mode, where it calls the gradient function. */
  private static Sam sam(int period) {
    return Contrib.sam(Optimizers.adam(0.01), Optimizers.sgd(0.1).momentum(0.9))
        .syncPeriod(period)
        .resetState(period == 3)
        .opaqueMode(true);
  }

  @Override
  protected Map<String, GradientTransformation<?>> callers() {
    return Map.of(
        "sam of 2", sam(2),
        "sam of 3", sam(3),
        "sam of 4", sam(4),
        "chain", Transforms.chain(Transforms.clipByGlobalNorm(0.3), sam(3)),
        "mechanize", Contrib.mechanize(sam(3)),
        "split_real_and_imaginary", Contrib.splitRealAndImaginary(sam(3)));
  }

  @Override
  protected List<GradientTransformation<?>> scheduled(Schedule rate) {
    return List.of(Contrib.mechanize(Optimizers.adam(rate)));
  }
}
