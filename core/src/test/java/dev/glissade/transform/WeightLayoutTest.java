package dev.glissade.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.GradientTransformation;
import dev.glissade.optimizer.Optimizers;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightLayoutTest {
  private static GradientTransformation<?> nested(WeightLayout layout) {
    GradientTransformation<?> clipped =
        Transforms.chain(
            Transforms.adaptiveGradClip(0.1).layout(layout),
            Transforms.centralize().layout(layout),
            Optimizers.adam(1e-3));
    return Transforms.partition(
        Map.of("all", Transforms.lookahead(clipped, 5, 0.5)), path -> "all");
  }

  @Test
  void appliesToRulesInside() {
    for (WeightLayout layout : WeightLayout.values()) {
      for (WeightLayout before : WeightLayout.values()) {
        GradientTransformation<?> applied = layout.appliedTo(nested(before));
        assertThat(applied.toString()).contains("layout=" + layout);
        assertThat(applied.toString()).doesNotContain("layout=" + other(layout));
      }
    }
  }

  private static WeightLayout other(WeightLayout layout) {
    return layout == WeightLayout.IN_OUT ? WeightLayout.OUT_IN : WeightLayout.IN_OUT;
  }

  @Test
  void leavesWhatDependsOnNoLayout() {
    GradientTransformation<?> adam = Optimizers.adam(1e-3);
    assertThat(WeightLayout.OUT_IN.appliedTo(adam)).isSameAs(adam);
    GradientTransformation<?> same = nested(WeightLayout.OUT_IN);
    assertThat(WeightLayout.OUT_IN.appliedTo(same)).isSameAs(same);
  }
}
