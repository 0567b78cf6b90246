package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.combine.Transforms;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.tree.Records;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Finite gradients of any size leave parameters and states finite. */
@Tag("vectors")
class HugeGradientsTest {
  private static final double RATE = 0.1;
  private static final int ORDINARY_STEPS = 200;

  /** Those whose steps do not depend on the scale of gradients, and act element by element. */
  private static Map<String, GradientTransformation<?>> scaleless() {
    Map<String, GradientTransformation<?>> all = new LinkedHashMap<>();
    all.put("adam", Optimizers.adam(RATE));
    all.put("adam b1 0", Optimizers.adam(RATE).b1(0));
    all.put("adam b2 .3", Optimizers.adam(RATE).b1(0.2).b2(0.3));
    all.put("nadam", Optimizers.adam(RATE).nesterov(true));
    all.put("adamw", Optimizers.adamw(RATE));
    all.put("nadamw", Optimizers.adamw(RATE).nesterov(true));
    all.put("lion", Optimizers.lion(RATE));
    all.put("rmsprop", Optimizers.rmsprop(RATE));
    all.put("rmsprop 0", Optimizers.rmsprop(RATE).decay(0));
    all.put("rmsprop momentum", Optimizers.rmsprop(RATE).momentum(0.9).nesterov(true));
    all.put("rmsprop eps", Optimizers.rmsprop(RATE).epsInSqrt(false).biasCorrection(true));
    all.put("adagrad", Optimizers.adagrad(RATE));
    all.put("cocob", Contrib.cocob());
    all.put("multi steps", Transforms.multiSteps(Optimizers.adam(RATE), 2));
    all.put("inject", Transforms.injectHyperparams(Optimizers.adam(RATE)));
    all.put("masked", Transforms.masked(Optimizers.adam(RATE), path -> true));
    return all;
  }

  /** Those with sums over the tree, or whose steps are as large as gradients. */
  private static Map<String, GradientTransformation<?>> others() {
    Map<String, GradientTransformation<?>> all = new LinkedHashMap<>();
    all.put("rmsprop centered", Optimizers.rmsprop(1e-5).centered(true));
    all.put("centered, debiased", Optimizers.rmsprop(1e-5).centered(true).biasCorrection(true));
    all.put("adam b2 0", Optimizers.adam(1e-5).b2(0));
    all.put("dadapt", Contrib.dadaptAdamw());
    all.put("dadapt b 0", Contrib.dadaptAdamw().betas(new Betas(0, 0)));
    all.put("prodigy", Contrib.prodigy());
    all.put("prodigy safe", Contrib.prodigy().safeguardWarmup(true).betas(new Betas(0, 0.5)));
    all.put("prodigy large", Contrib.prodigy().estimLr0(10));
    all.put("mechanize(adam)", Contrib.mechanize(Optimizers.adam(1.0)));
    all.put("mechanize(sgd)", Contrib.mechanize(Optimizers.sgd(1.0)));
    all.put("sgd", Optimizers.sgd(1e-5));
    all.put("noisy", Optimizers.noisySgd(1e-5, 3));
    all.put("ema", Transforms.chain(Transforms.ema(0.9), Optimizers.sgd(1e-5)));
    all.put("ema 0", Transforms.chain(Transforms.ema(0), Optimizers.sgd(1e-5)));
    all.put("mean", Transforms.multiSteps(Optimizers.sgd(1e-5), 3));
    all.put(
        "sam",
        Contrib.sam(
            Optimizers.adam(RATE), Transforms.chain(Contrib.normalize(), Optimizers.sgd(0.05))));
    return all;
  }

  private static Stream<Arguments> inAllTypes(Map<String, GradientTransformation<?>> optimizers) {
    return optimizers.entrySet().stream()
        .flatMap(entry ->
            Stream.of(DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16, DType.FLOAT16)
                .map(type -> arguments(entry.getKey(), entry.getValue(), type)));
  }

  static Stream<Arguments> scalelessOnes() {
    return inAllTypes(scaleless());
  }

  static Stream<Arguments> all() {
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

  /** All magnitudes, with mantissas that round up and down: their squares are finite. */
  @Test
  void squarableOfAnyNumberIsBoundedAndOfOrdinaryOnesItself() {
    int[] mantissas = {
      0, 1, 2, 3, 0x400000, 0x3fffff, 0x555555, 0x7ffffc, 0x7ffffd, 0x7ffffe, 0x7fffff
    };
    float[] numbers = new float[2 * 255 * mantissas.length];
    int n = 0;
    for (int sign = 0; sign < 2; sign++) {
      for (int exponent = 0; exponent < 255; exponent++) {
        for (int mantissa : mantissas) {
          numbers[n++] = Float.intBitsToFloat(sign << 31 | exponent << 23 | mantissa);
        }
      }
    }
    Tree tree = Tree.of("w", Tensor.of(numbers));
    for (double factor : new double[] {1, 1e-6, 1e-30, 1000, 1e9}) {
      double[] made = tree.squarable(Scalar.of(factor)).evaluate().get("w").toDoubles();
      for (int i = 0; i < made.length; i++) {
        assertThat(Math.abs(made[i] * factor)).as("%s", numbers[i]).isLessThanOrEqualTo(0x1p63);
        if (Math.abs(numbers[i]) < Math.min(0x1p59 / factor, 0x1p76)) {
          assertThat(made[i]).isEqualTo(numbers[i]);
        }
      }
    }
    Tree wide = Tree.of("w", Tensor.of(DType.FLOAT64, tree.get("w").toDoubles(), numbers.length));
    for (int power = -900; power <= 890; power += 89) {
      double scale = Math.scalb(1.0, power);
      double[] made = wide.times(scale).squarable().evaluate().get("w").toDoubles();
      for (int i = 0; i < made.length; i++) {
        double number = numbers[i] * scale;
        assertThat(Math.abs(made[i])).isLessThanOrEqualTo(0x1p510);
        if (Math.abs(number) < 0x1p507) {
          assertThat(made[i]).isEqualTo(number);
        }
      }
    }
    Tree infinite = Tree.of("w", Tensor.of(new float[] {1f / 0, -1f / 0, 0f / 0}));
    assertThat(infinite.squarable().evaluate().get("w").toFloats()).containsOnly(Float.NaN);
  }

  /** Each leaf by the bound of its type. */
  @Test
  void squarableByTypes() {
    Tree mixed =
        Tree.of(
            Map.of(
                "a", Tensor.of(new float[] {1e19f, 1e30f}),
                "b", Tensor.of(new double[] {1e19, 1e30}),
                "c", Tensor.of(DType.BFLOAT16, new double[] {1, 1e38}, 2)));
    Tree made = mixed.squarable().evaluate();
    assertThat(made.get("b").toDoubles()).containsExactly(1e19, 1e30);
    assertThat(made.get("a").get(1)).isBetween(-0x1p62, 0x1p62);
    assertThat(made.get("c").get(0)).isEqualTo(1);
    assertThat(made.get("c").get(1)).isBetween(-0x1p62, 0x1p62);
  }

  /** The element goes on moving once its second moment has faded. */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void isNotFrozenForEver(DType type) {
    double size = type == DType.FLOAT32 ? 1e38 : 1e300;
    Betas betas = new Betas(0.5, 0.5);
    Map<String, GradientTransformation<?>> forgetful =
        Map.of(
            "adam", Optimizers.adam(0.01).b1(0.5).b2(0.5),
            "rmsprop", Optimizers.rmsprop(0.01).decay(0.5),
            "lion", Optimizers.lion(0.01).b2(0.5),
            "dadapt", Contrib.dadaptAdamw().betas(betas).estimLr0(1e-2),
            "prodigy", Contrib.prodigy().betas(betas).estimLr0(1e-2),
            "mechanize", Contrib.mechanize(Optimizers.adam(1.0).b1(0.5).b2(0.5)).sInit(1e-2));
    forgetful.forEach((name, optimizer) -> {
      Stepper<?> stepper = Stepper.of(optimizer, pair(type, 1, 1));
      stepper.step(pair(type, size, 1));
      for (int i = 0; i < 3000; i++) {
        stepper.step(stepper.params());
      }
      assertThat(stepper.params().get("w").get(0)).as(name).isCloseTo(0, offset(0.2));
    });
  }
}
