package dev.glissade.combine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.catalog.Catalog;
import dev.glissade.catalog.Entry;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.schedule.Schedules;
import dev.glissade.testing.CoreOptimizers;
import dev.glissade.testing.FrozenContract;
import dev.glissade.transform.Transforms;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is zero by choice is zero whatever the gradient is; a bound of infinity bounds nothing. */
class FrozenTest extends FrozenContract {
  private static final Catalog CATALOG = Catalog.standard();

  @Override
  protected Stream<GradientTransformation<?>> frozen() {
    Map<String, Object> sgd = CoreOptimizers.named("sgd", Map.of("learning_rate", 0.1));
    Map<String, Object> zero = CoreOptimizers.named("set_to_zero", Map.of());
    Map<String, Object> partition =
        CoreOptimizers.named(
            "partition",
            Map.of(
                "transforms",
                Map.of("a", sgd, "b", zero),
                "param_labels",
                Map.of("frozen", "b", "free", "a")));
    Map<String, Object> freeze = CoreOptimizers.named("freeze", Map.of("mask", List.of("frozen")));
    PathMask mask = PathMask.of("frozen");
    return Stream.of(
        CATALOG.optimizer(partition),
        CATALOG.optimizer(CoreOptimizers.named("chain", List.of(sgd, freeze))),
        Transforms.chain(Optimizers.adamw(0.1), Transforms.freeze(mask)),
        Transforms.selectiveTransform(
            Transforms.chain(Transforms.clipByGlobalNorm(1), Optimizers.sgd(0.1)), mask),
        Transforms.chain(
            Transforms.masked(Transforms.scale(0), mask), Optimizers.sgd(0.1).momentum(0.9)),
        Transforms.multiSteps(Transforms.selectiveTransform(Optimizers.lion(0.1), mask), 2));
  }

  @Override
  protected List<Entry> entries() {
    return CATALOG.entries();
  }

  @Override
  protected Map<String, Set<String>> bounds() {
    return Map.of(
        "clip", Set.of("max_delta"),
        "clip_by_global_norm", Set.of("max_norm"),
        "polyak_sgd", Set.of("max_learning_rate"),
        "lbfgs", Set.of("max_init_scale"),
        "scale_by_lbfgs", Set.of("max_init_scale"),
        "scale_by_backtracking_linesearch", Set.of("max_learning_rate"),
        "scale_by_polyak", Set.of("max_learning_rate"),
        "skip_large_updates", Set.of("max_squared_norm"),
        "projection_box", Set.of("upper"));
  }

  /** What does nothing, as a number or a schedule of 0. */
  static Stream<GradientTransformation<?>> zeros() {
    return Stream.of(
        Transforms.setToZero(),
        Transforms.scale(0),
        Transforms.scale(-0.0),
        Transforms.clipByGlobalNorm(0),
        Transforms.scaleByLearningRate(0),
        Transforms.scaleBySchedule(count -> 0),
        Transforms.scaleByLearningRate(Schedules.linearSchedule(0, 0, 3)),
        Transforms.injectHyperparams(Optimizers.sgd(0)),
        Optimizers.sgd(0),
        Optimizers.sgd(0).momentum(0.9),
        Optimizers.adamw(0),
        Optimizers.rmsprop(0).centered(true),
        Optimizers.lion(0));
  }

  @ParameterizedTest
  @MethodSource("zeros")
  void zeroIsAChoice(GradientTransformation<?> optimizer) {
    Tree start = tree(DType.FLOAT32, ODD);
    Stepper<?> stepper = Stepper.of(optimizer, start);
    for (int i = 0; i < 3; i++) {
      stepper.step(tree(DType.FLOAT32, BAD));
      assertThat(stepper.params().get("frozen").toDoubles())
          .isEqualTo(start.get("frozen").toDoubles());
    }
    Tree updates = updated(optimizer, start, tree(DType.FLOAT32, BAD));
    assertThat(updates.get("frozen").toFloats()).containsOnly(0);
  }

  private static <S> Tree updated(GradientTransformation<S> optimizer, Tree x, Tree gradients) {
    return optimizer.update(gradients, optimizer.init(x), x).updates();
  }

  /** A schedule that is 0 at first, as a warm-up, and one that ends at 0. */
  @Test
  void aScheduleIsZeroWhereItIs() {
    Stepper<?> stepper =
        Stepper.of(
            Optimizers.sgd(Schedules.piecewiseConstantSchedule(0.5, Map.of(2, 0.0))),
            Tree.of("w", Tensor.of(new float[] {1, 1})));
    Tree infinite = Tree.of("w", Tensor.of(new float[] {1f / 0, 1}));
    Tree ones = Tree.of("w", Tensor.of(new float[] {1, 1}));
    stepper.step(ones);
    stepper.step(ones);
    stepper.step(infinite);
    assertThat(stepper.params().get("w").toFloats()).containsExactly(0, 0);
  }

  @Test
  void aFrozenLeafCostsNoPass() {
    GradientTransformation<?> half =
        Transforms.selectiveTransform(Optimizers.sgd(0.1), PathMask.of("frozen"));
    Stepper<?> stepper =
        Stepper.of(
            half, Tree.of("free", Tensor.of(new float[50]), "frozen", Tensor.of(new float[50])));
    stepper.step(stepper.params().copy());
    assertThat(stepper.explain()).contains("6.0 bytes per parameter in all");
  }

  @Test
  void infinityClipsNothing() {
    Tree gradients = tree(DType.FLOAT32, BAD);
    double infinity = Double.POSITIVE_INFINITY;
    for (GradientTransformation<?> clip :
        List.of(
            Transforms.clip(infinity),
            Transforms.clipByGlobalNorm(infinity),
            CATALOG.optimizer(CoreOptimizers.named("clip", Map.of("max_delta", "inf"))),
            CATALOG.optimizer(
                CoreOptimizers.named("clip_by_global_norm", Map.of("max_norm", "inf"))),
            CATALOG.optimizer(CoreOptimizers.named("clip", Map.of("max_delta", infinity))))) {
      Tree updates = updated(clip, tree(DType.FLOAT32, ODD), gradients);
      assertThat(updates.get("frozen").toDoubles()).isEqualTo(gradients.get("frozen").toDoubles());
      assertThat(CATALOG.optimizer(CATALOG.describe(clip))).isEqualTo(clip);
    }
    assertThat(CATALOG.describe(Transforms.clip(infinity)).toString()).contains("max_delta=inf");
  }

  @Test
  void otherBoundsAreRefused() {
    Map<String, Object> arguments = new LinkedHashMap<>();
    arguments.put("max_delta", "infinite");
    assertThatThrownBy(() -> CATALOG.optimizer(CoreOptimizers.named("clip", arguments)))
        .hasMessage("clip: \"max_delta\" must be a number, but was \"infinite\"");
    assertThatThrownBy(
            () -> CATALOG.optimizer(CoreOptimizers.named("scale", Map.of("step_size", "inf"))))
        .hasMessage("stepSize must be finite, but was Infinity");
    assertThatThrownBy(() -> Transforms.clip(Double.NEGATIVE_INFINITY))
        .hasMessage("maxDelta must not be negative, but was -Infinity");
  }
}
