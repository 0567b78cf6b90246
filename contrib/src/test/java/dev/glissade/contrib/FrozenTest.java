package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.catalog.Catalog;
import dev.glissade.catalog.Entry;
import dev.glissade.combine.PathMask;
import dev.glissade.combine.Transforms;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.schedule.Schedules;
import dev.glissade.tree.RecordType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is zero by choice is zero whatever the gradient is; a bound of infinity bounds nothing. */
class FrozenTest {
  private static final Catalog CATALOG = Catalog.standard();
  private static final double[] ODD = {-0.0, 0.0, 3.5, 1e-40, -1e38};
  private static final double[] BAD = {1.0 / 0, -1.0 / 0, Double.NaN, 1, 3e38};

  /** Optimizers that leave "frozen" alone and move "free". */
  static Stream<GradientTransformation<?>> frozen() {
    Map<String, Object> sgd = AllOptimizers.named("sgd", Map.of("learning_rate", 0.1));
    Map<String, Object> zero = AllOptimizers.named("set_to_zero", Map.of());
    Map<String, Object> partition =
        AllOptimizers.named(
            "partition",
            Map.of(
                "transforms",
                Map.of("a", sgd, "b", zero),
                "param_labels",
                Map.of("frozen", "b", "free", "a")));
    Map<String, Object> freeze = AllOptimizers.named("freeze", Map.of("mask", List.of("frozen")));
    PathMask mask = PathMask.of("frozen");
    return Stream.of(
        CATALOG.optimizer(partition),
        CATALOG.optimizer(AllOptimizers.named("chain", List.of(sgd, freeze))),
        Transforms.chain(Optimizers.adamw(0.1), Transforms.freeze(mask)),
        Transforms.selectiveTransform(Contrib.mechanize(Optimizers.adam(1.0)).sInit(0.1), mask),
        Transforms.selectiveTransform(
            Transforms.chain(Transforms.clipByGlobalNorm(1), Optimizers.sgd(0.1)), mask),
        Transforms.chain(
            Transforms.masked(Transforms.scale(0), mask), Optimizers.sgd(0.1).momentum(0.9)),
        Transforms.multiSteps(Transforms.selectiveTransform(Optimizers.lion(0.1), mask), 2));
  }

  private static Tree tree(DType type, double[] frozen) {
    return Tree.of(
        "free",
        Tensor.of(type, new double[] {1, 2}, 2),
        "frozen",
        Tensor.of(type, frozen, frozen.length));
  }

  @ParameterizedTest
  @MethodSource("frozen")
  void aFrozenLeafKeepsItsBits(GradientTransformation<?> optimizer) {
    for (DType type : List.of(DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16, DType.FLOAT16)) {
      Tree start = tree(type, ODD);
      Stepper<?> stepper = Stepper.of(optimizer, start);
      for (int i = 0; i < 4; i++) {
        stepper.step(tree(type, BAD));
      }
      assertThat(stepper.params().get("frozen").toDoubles())
          .as("%s", type)
          .isEqualTo(start.get("frozen").toDoubles());
      assertThat(stepper.params().get("free").toDoubles())
          .doesNotContain(1, Double.NaN)
          .isNotEqualTo(start.get("free").toDoubles());
      assertThat(applied(optimizer, start, tree(type, BAD)).get("frozen").toDoubles())
          .isEqualTo(start.get("frozen").toDoubles());
    }
  }

  private static <S> Tree applied(GradientTransformation<S> optimizer, Tree x, Tree gradients) {
    return optimizer.apply(gradients, optimizer.init(x), x).params();
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
            CATALOG.optimizer(AllOptimizers.named("clip", Map.of("max_delta", "inf"))),
            CATALOG.optimizer(
                AllOptimizers.named("clip_by_global_norm", Map.of("max_norm", "inf"))),
            CATALOG.optimizer(AllOptimizers.named("clip", Map.of("max_delta", infinity))))) {
      Tree updates = updated(clip, tree(DType.FLOAT32, ODD), gradients);
      assertThat(updates.get("frozen").toDoubles()).isEqualTo(gradients.get("frozen").toDoubles());
      assertThat(CATALOG.optimizer(CATALOG.describe(clip))).isEqualTo(clip);
    }
    assertThat(CATALOG.describe(Transforms.clip(infinity)).toString()).contains("max_delta=inf");
  }

  /** Of all numbers in the catalog, those that bound something may be infinite and no others. */
  @Test
  void onlyBoundsMayBeInfinite() {
    Map<String, Set<String>> infinite = new TreeMap<>();
    for (Entry entry : CATALOG.entries()) {
      RecordType type = RecordType.of(entry.prototype().getClass());
      for (int i = 0; i < type.size(); i++) {
        if (type.rawType(i) == double.class || type.rawType(i) == Double.class) {
          String argument = entry.arguments().get(i);
          if (takes(entry, type, i)) {
            infinite.merge(entry.name(), Set.of(argument), (a, b) -> Set.of("several"));
          }
        }
      }
    }
    assertThat(infinite)
        .isEqualTo(
            Map.of(
                "clip", Set.of("max_delta"),
                "clip_by_global_norm", Set.of("max_norm"),
                "differentially_private_aggregate", Set.of("l2_norm_clip"),
                "dpsgd", Set.of("l2_norm_clip")));
  }

  private static boolean takes(Entry entry, RecordType type, int index) {
    List<Object> parts = new ArrayList<>();
    for (int i = 0; i < type.size(); i++) {
      parts.add(i == index ? (Object) Double.POSITIVE_INFINITY : type.get(entry.prototype(), i));
    }
    try {
      type.make(parts.toArray());
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Test
  void otherBoundsAreRefused() {
    Map<String, Object> arguments = new LinkedHashMap<>();
    arguments.put("max_delta", "infinite");
    assertThatThrownBy(() -> CATALOG.optimizer(AllOptimizers.named("clip", arguments)))
        .hasMessage("clip: \"max_delta\" must be a number: \"infinite\"");
    assertThatThrownBy(
            () -> CATALOG.optimizer(AllOptimizers.named("scale", Map.of("step_size", "inf"))))
        .hasMessage("stepSize must be finite: Infinity");
    assertThatThrownBy(() -> Transforms.clip(Double.NEGATIVE_INFINITY))
        .hasMessage("maxDelta must not be negative: -Infinity");
  }
}
