package dev.glissade.contrib;

import dev.glissade.GradientTransformation;
import dev.glissade.catalog.Entry;
import dev.glissade.combine.PathMask;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.testing.FrozenContract;
import dev.glissade.transform.Transforms;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What is frozen stays inside of the optimizers of this module; their bounds may be infinite. */
class FrozenTest extends FrozenContract {
  @Override
  protected Stream<GradientTransformation<?>> frozen() {
    return Stream.of(
        Transforms.selectiveTransform(
            Contrib.mechanize(Optimizers.adam(1.0)).sInit(0.1), PathMask.of("frozen")));
  }

  @Override
  protected List<Entry> entries() {
    return new ContribEntries().entries();
  }

  @Override
  protected Map<String, Set<String>> bounds() {
    return Map.of(
        "differentially_private_aggregate", Set.of("l2_norm_clip"),
        "dpsgd", Set.of("l2_norm_clip"));
  }
}
