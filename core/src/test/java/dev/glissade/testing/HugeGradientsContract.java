package dev.glissade.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.records.Records;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Finite gradients of any size leave parameters and states finite. */
@Tag("vectors")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class HugeGradientsContract {
  protected static final double RATE = 0.1;
  private static final int ORDINARY_STEPS = 200;

  /** Those whose steps do not depend on the scale of gradients, and act element by element. */
  protected abstract Map<String, GradientTransformation<?>> scaleless();

  /** Those with sums over the tree, or whose steps are as large as gradients. */
  protected abstract Map<String, GradientTransformation<?>> others();

  /** Those that forget a gradient soon. */
  protected abstract Map<String, GradientTransformation<?>> forgetful();

  private static Stream<Arguments> inAllTypes(Map<String, GradientTransformation<?>> optimizers) {
    return optimizers.entrySet().stream()
        .flatMap(entry ->
            Stream.of(DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16, DType.FLOAT16)
                .map(type -> arguments(entry.getKey(), entry.getValue(), type)));
  }

  Stream<Arguments> scalelessOnes() {
    return inAllTypes(scaleless());
  }

  Stream<Arguments> all() {
    return Stream.concat(scalelessOnes(), inAllTypes(others()));
  }

  private static List<Double> sizes(DType type) {
    return switch (type) {
      case FLOAT64 -> List.of(1e20, 1e155, 1e300, Double.MAX_VALUE);
      case FLOAT16 -> List.of(65504.0);
      case BFLOAT16 -> List.of(1e20, 3.3e38);
      default -> List.of(1e18, 1e20, 3e38, (double) Float.MAX_VALUE);
    };
  }

  private static Tree pair(DType type, double a, double b) {
    return Tree.of("w", Tensor.of(type, new double[] {a, b}, 2));
  }

  private static void requireFinite(Stepper<?> stepper) {
    assertThat(finite(stepper.params())).as("params").isTrue();
    Records.walk(
        stepper.state(),
        (path, leaf) -> {
          if (leaf instanceof Tree tree) {
            assertThat(finite(tree)).as(path).isTrue();
          } else if (leaf instanceof Scalar scalar) {
            assertThat(scalar.value()).as(path).isFinite();
          }
        });
  }

  private static boolean finite(Tree tree) {
    return tree.toMap().values().stream()
        .flatMapToDouble(tensor -> Arrays.stream(tensor.toDoubles()))
        .allMatch(Double::isFinite);
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("all")
  void staysFinite(String name, GradientTransformation<?> optimizer, DType type) {
    for (double size : sizes(type)) {
      for (double next : new double[] {1, size, -size}) {
        Stepper<?> stepper = Stepper.of(optimizer, pair(type, 1, 1));
        stepper.step(pair(type, 1, 1));
        for (int i = 0; i < 6; i++) {
          stepper.step(pair(type, i % 2 == 0 ? size : next, 1));
          requireFinite(stepper);
        }
        for (int i = 0; i < ORDINARY_STEPS; i++) {
          stepper.step(stepper.params());
        }
        requireFinite(stepper);
      }
    }
  }

  /** The element stays about where it is: no step is larger than a few learning rates. */
  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("scalelessOnes")
  void movesAsFarAsLearningRatesAndAlone(
      String name, GradientTransformation<?> optimizer, DType type) {
    for (double size : sizes(type)) {
      Stepper<?> ordinary = Stepper.of(optimizer, pair(type, 1, 1));
      Stepper<?> huge = Stepper.of(optimizer, pair(type, 1, 1));
      double before = 1;
      for (int i = 0; i < 20; i++) {
        ordinary.step(pair(type, 1, 1));
        huge.step(pair(type, i % 4 == 0 ? size : 1, 1));
        double[] here = huge.params().get("w").toDoubles();
        assertThat(here[1]).as("the other element").isEqualTo(ordinary.params().get("w").get(1));
        assertThat(here[0]).isCloseTo(before, offset(15 * RATE));
        before = here[0];
      }
    }
  }

  /** The element goes on moving once its second moment has faded. */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void isNotFrozenForEver(DType type) {
    double size = type == DType.FLOAT32 ? 1e38 : 1e300;
    forgetful()
        .forEach((name, optimizer) -> {
          Stepper<?> stepper = Stepper.of(optimizer, pair(type, 1, 1));
          stepper.step(pair(type, size, 1));
          for (int i = 0; i < 3000; i++) {
            stepper.step(stepper.params());
          }
          assertThat(stepper.params().get("w").get(0)).as(name).isCloseTo(0, offset(0.2));
        });
  }
}
