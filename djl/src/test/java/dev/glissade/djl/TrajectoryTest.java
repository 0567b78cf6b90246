package dev.glissade.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import dev.glissade.transform.WeightLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With the same gradients, the same trajectory as the core's. */
@Tag("vectors")
class TrajectoryTest {
  private static final int STEPS = 25;

  static Stream<Arguments> cases() {
    return FitTest.ofMeanGradients()
        .flatMap(name -> Stream.of(Arguments.of(name, true), Arguments.of(name, false)));
  }

  private static Tree tree(Map<String, double[]> numbers, DType dtype) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    numbers.forEach((path, leaf) -> {
      int[] shape = path.contains("bias") ? new int[] {leaf.length} : shape(leaf.length);
      tensors.put(path, Tensor.of(dtype, leaf, shape));
    });
    return Tree.of(tensors);
  }

  private static int[] shape(int size) {
    return size == 12 ? new int[] {4, 3} : new int[] {1, size};
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isThatOfTheCore(String name, boolean byTrainer) {
    GradientTransformation<?> optimizer = FitTest.all().get(name);
    compare(optimizer, optimizer, DataType.FLOAT32, DType.FLOAT32, byTrainer);
  }

  private static GradientTransformation<?> ofLayout(WeightLayout layout) {
    return Transforms.chain(
        Transforms.adaptiveGradClip(0.05).layout(layout),
        Transforms.centralize().layout(layout),
        Optimizers.sgd(0.1));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void takesWeightsAsDjlKeepsThem(boolean byTrainer) {
    compare(
        ofLayout(WeightLayout.IN_OUT),
        ofLayout(WeightLayout.OUT_IN),
        DataType.FLOAT32,
        DType.FLOAT32,
        byTrainer);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT64", "FLOAT16"})
  void isSoInOtherTypes(DType dtype) {
    GradientTransformation<?> optimizer = FitTest.all().get("prodigy");
    compare(optimizer, optimizer, DataType.valueOf(dtype.name()), dtype, true);
  }

  private static void compare(
      GradientTransformation<?> optimizer,
      GradientTransformation<?> same,
      DataType type,
      DType dtype,
      boolean byTrainer) {
    try (LinearModel linear = new LinearModel(type)) {
      Stepper<?> core = Stepper.of(same, tree(linear.params(), dtype));
      var config = LinearModel.config();
      try (var trainer =
          byTrainer
              ? new GlissadeTrainer(linear.model, config, optimizer)
              : linear.model.newTrainer(
                  config.optOptimizer(GlissadeOptimizer.of(linear.block, optimizer)))) {
        List<Map<String, double[]>> seen = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
          linear.pass(trainer, step);
          Map<String, double[]> gradients = linear.gradients();
          seen.add(gradients);
          trainer.step();
          core.step(tree(gradients, dtype), Extras.NONE);
          linear
              .params()
              .forEach((path, have) ->
                  assertThat(have)
                      .as("%s at step %d", path, step(seen))
                      .containsExactly(core.params().get(path).toDoubles(), within(1e-6)));
          linear.gradients().values().forEach(g -> assertThat(g).containsOnly(0));
        }
        assertThat(seen.get(0)).isNotEqualTo(seen.get(1));
      }
    }
  }

  private static int step(List<?> seen) {
    return seen.size() - 1;
  }
}
