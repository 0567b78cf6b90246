package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.transform.ClipByGlobalNorm;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Norms of numbers whose squares overflow or vanish. */
@Tag("vectors")
class NormTest {
  private static final MathContext DIGITS = new MathContext(40);

  private static double norm(Tree tree) {
    return Deferred.evaluated(tree.norm()).value();
  }

  private static Tree filled(DType dtype, int size, double number) {
    double[] numbers = new double[size];
    Arrays.fill(numbers, number);
    return Tree.of("w", Tensor.of(dtype, numbers, size));
  }

  private static BigDecimal exactSquares(double[] numbers) {
    BigDecimal squares = BigDecimal.ZERO;
    for (double x : numbers) {
      BigDecimal exact = new BigDecimal(x);
      squares = squares.add(exact.multiply(exact, DIGITS), DIGITS);
    }
    return squares;
  }

  /** norm / root of the exact sum of squares. */
  private static double ratio(double norm, BigDecimal squares) {
    return new BigDecimal(norm).divide(squares.sqrt(DIGITS), DIGITS).doubleValue();
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {
        1e155,
        1e160,
        1e300,
        1e308,
        1.7e308,
        Double.MAX_VALUE,
        1e-150,
        1e-155,
        1e-162,
        1e-170,
        1e-300,
        1e-310,
        1e-320,
        Double.MIN_VALUE,
        1,
        1e144,
        1e145,
        1e-144,
        1e-145
      })
  void ofDoublesOfAnySize(double size) {
    for (int count : new int[] {1, 2, 3, 16, 1000, 70_000}) {
      Tree tree = filled(DType.FLOAT64, count, size);
      double root = Math.sqrt(count);
      double expected = size * root;
      if (expected < Double.MIN_NORMAL) {
        assertThat(norm(tree)).isCloseTo(expected, offset(Double.MIN_VALUE));
      } else if (Double.isInfinite(expected)) {
        assertThat(norm(tree)).isInfinite();
      } else {
        assertThat(norm(tree) / expected).isCloseTo(1, offset(1e-12));
      }
      double[] unit = tree.normalized().evaluate().get("w").toDoubles();
      assertThat(unit[count - 1] * root).isCloseTo(1, offset(1e-11));
      double[] clipped = new ClipByGlobalNorm(1).step(tree, tree).evaluate().get("w").toDoubles();
      double kept = expected < 1 ? size : 1 / root;
      assertThat(clipped[0] / kept).isCloseTo(1, offset(1e-11));
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {1e20f, 1e30f, Float.MAX_VALUE, 1e-20f, 1e-30f, 1e-40f, Float.MIN_VALUE})
  void ofFloatsOfAnySize(float size) {
    for (int count : new int[] {1, 2, 70_000}) {
      Tree tree = filled(DType.FLOAT32, count, size);
      double root = Math.sqrt(count);
      assertThat(norm(tree) / (size * root)).isCloseTo(1, offset(1e-4));
      float[] unit = tree.normalized().evaluate().get("w").toFloats();
      assertThat(unit[count - 1] * root).isCloseTo(1, offset(1e-4));
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void ofNumbersOfAllSizes(DType dtype) {
    requireNorms(dtype, 16);
  }

  @ParameterizedTest
  @Tag("slow")
  @EnumSource(DType.class)
  void ofManyNumbersOfAllSizes(DType dtype) {
    requireNorms(dtype, 60);
  }

  private static void requireNorms(DType dtype, int trials) {
    Random random = new Random(5);
    for (int trial = 0; trial < trials; trial++) {
      double middle = (random.nextDouble() - 0.5) * 620;
      double spread = random.nextDouble() * (trial % 2 == 0 ? 600 : 10);
      Map<String, Tensor> leaves = new LinkedHashMap<>();
      BigDecimal squares = BigDecimal.ZERO;
      int count = 1 + random.nextInt(5);
      for (int leaf = 0; leaf < count; leaf++) {
        boolean wide = leaf == 1;
        Tensor tensor = random(random, wide ? DType.FLOAT64 : dtype, middle, spread);
        leaves.put("leaf" + leaf, tensor);
        squares = squares.add(exactSquares(numbers(tensor, false)));
        squares = squares.add(exactSquares(numbers(tensor, true)));
      }
      double norm = norm(Tree.of(leaves));
      if (squares.signum() == 0) {
        assertThat(norm).isZero();
      } else if (norm >= Double.MIN_NORMAL) {
        assertThat(ratio(norm, squares)).as("trial %d", trial).isCloseTo(1, offset(0x1p-13));
      } else {
        BigDecimal off = squares.sqrt(DIGITS).subtract(new BigDecimal(norm)).abs();
        assertThat(off.doubleValue()).isLessThanOrEqualTo(Double.MIN_VALUE);
      }
    }
  }

  private static Tensor random(Random random, DType dtype, double middle, double spread) {
    int size = 1 + random.nextInt(random.nextInt(4) == 0 ? 40_000 : 20);
    if (dtype.isComplex()) {
      DType part = dtype == DType.COMPLEX64 ? DType.FLOAT32 : DType.FLOAT64;
      return Tensor.complex(
          random(random, part, size, middle, spread), random(random, part, size, middle, spread));
    }
    return random(random, dtype, size, middle, spread);
  }

  private static Tensor random(Random random, DType dtype, int size, double middle, double spread) {
    double most = dtype == DType.FLOAT16 ? 6e4 : dtype == DType.FLOAT64 ? 1e306 : 1e38;
    double[] numbers = new double[size];
    for (int i = 0; i < size; i++) {
      double exponent = middle + (random.nextDouble() - 0.5) * spread;
      double x = random.nextGaussian() * Math.pow(10, Math.max(-330, Math.min(exponent, 305)));
      numbers[i] = Math.max(-most, Math.min(x, most));
    }
    return Tensor.of(dtype, numbers, size);
  }

  private static double[] numbers(Tensor tensor, boolean imaginary) {
    if (!tensor.dtype().isComplex()) {
      return imaginary ? new double[0] : tensor.toDoubles();
    }
    return (imaginary ? tensor.imaginary() : tensor.real()).toDoubles();
  }

  @Test
  void infinitiesAndNaNsAreSeen() {
    for (double other : new double[] {0, 1, 1e300, 1e-300}) {
      for (double size : new double[] {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
        double[] numbers = {other, size};
        assertThat(norm(Tree.of("w", Tensor.of(numbers)))).isEqualTo(Double.POSITIVE_INFINITY);
        double[] many = new double[100_000];
        Arrays.fill(many, other);
        many[99_999] = size;
        assertThat(norm(Tree.of("w", Tensor.of(many)))).isEqualTo(Double.POSITIVE_INFINITY);
        many[0] = Double.NaN;
        assertThat(norm(Tree.of("w", Tensor.of(many)))).isNaN();
      }
    }
    Tree mixed =
        Tree.of(
            "a", Tensor.of(new float[] {Float.POSITIVE_INFINITY}),
            "b", Tensor.of(new double[] {1e200}));
    assertThat(norm(mixed)).isInfinite();
    assertThat(norm(Tree.empty())).isZero();
  }

  /** The last gradient of a state, what the norm of old and new numbers was. */
  record Seen(Tree last, Scalar norm) {}

  /** Norms over what the same step overwrites are the same bits in place. */
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64"})
  void inPlaceAsNot(DType dtype) {
    GradientTransformation<Seen> watching =
        GradientTransformation.of(
            x -> new Seen(x.fill(1), Scalar.of(0)),
            (g, state, x) ->
                Step.of(
                    g.times(0.5).minus(x),
                    new Seen(g, state.last().times(3).plus(x).norm().plus(state.last().norm()))));
    List<Double> sizes =
        dtype == DType.FLOAT32
            ? List.of(1e25, 1e-25, 3e37, 1e-40, 0.0, 1.0)
            : List.of(1e200, 1e-200, 1e304, 1e-310, 0.0, 1.0);
    for (double size : sizes) {
      for (int count : new int[] {2, 40_000}) {
        Tree x = filled(dtype, count, size);
        Stepper<Seen> stepper = Stepper.of(watching, x);
        Seen state = watching.init(x);
        Tree params = x;
        for (int i = 0; i < 4; i++) {
          Applied<Seen> applied = watching.apply(x, state, params);
          params = applied.params();
          state = applied.state();
          stepper.step(x);
          assertThat(stepper.state().norm().value()).isEqualTo(state.norm().value());
        }
        double expected = size * 3.5 * Math.sqrt(count) + size * Math.sqrt(count);
        if (size > 0) {
          assertThat(state.norm().value() / expected).isCloseTo(1, offset(1e-4));
        }
      }
    }
  }

  @Test
  void clipsToAnyNorm() {
    for (double most :
        new double[] {0, 1e-320, 1e-45, 1e-40, 1e-30, 1, 3e38, 1e39, 1e300, 1.7e308}) {
      Tree doubles = filled(DType.FLOAT64, 3, Double.MAX_VALUE);
      double[] clipped = doubles.normAtMost(most).evaluate().get("w").toDoubles();
      double kept = most / Math.sqrt(3);
      assertThat(clipped[0]).isCloseTo(kept, offset(Math.max(kept * 1e-12, Double.MIN_VALUE)));
      Tree floats = filled(DType.FLOAT32, 40_000, Float.MAX_VALUE);
      double asIs = Math.min(most / 200, Float.MAX_VALUE);
      float[] clippedFloats = floats.normAtMost(most).evaluate().get("w").toFloats();
      assertThat((double) clippedFloats[0])
          .isCloseTo(asIs, offset(Math.max(asIs * 1e-4, Float.MIN_VALUE)));
    }
    Tree tiny = filled(DType.FLOAT64, 2, Double.MIN_VALUE);
    assertThat(tiny.normAtMost(0).evaluate().get("w").get(0)).isZero();
    assertThat(tiny.normAtMost(1e-300).evaluate().get("w").get(0)).isEqualTo(Double.MIN_VALUE);
    Tree zero = filled(DType.FLOAT32, 2, 0);
    assertThat(zero.normAtMost(0).evaluate().get("w").get(0)).isZero();
    assertThat(zero.normalized().evaluate().get("w").get(0)).isZero();
    Tree small = filled(DType.FLOAT32, 2, 1e-40f);
    assertThat(small.normAtMost(1e-42).evaluate().get("w").get(0) / 1e-42)
        .isCloseTo(Math.sqrt(0.5), offset(2e-3));
  }
}
