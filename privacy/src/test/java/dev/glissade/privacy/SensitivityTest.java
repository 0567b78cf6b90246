package dev.glissade.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.DType;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Searches for the finite gradient that adds most to a sum, in each type, for each way of clipping:
 * none may add more than the noise is made for.
 */
class SensitivityTest {
  private static final int[] SIZES = {1, 2, 3, 40, 5000};

  /** One try: a clip, a gradient, and how much it adds, of what it may add at most. */
  private record Tried(Clipping clipping, Tree gradient, double share) {}

  private static Tried tried(Clipping clipping, Tree gradient) {
    PrivateAggregator sums = new PrivateAggregator(gradient, clipping, 1, 1, new SecureNoise());
    sums.add(gradient);
    double scale = 1 / sums.l2NormClip();
    double squares = 0;
    for (String path : gradient.paths()) {
      for (double x : sums.exactSum(path)) {
        squares += x * scale * (x * scale);
      }
    }
    return new Tried(clipping, gradient, Math.sqrt(squares) / (scale * sums.sensitivity()));
  }

  private static double anySize(SplittableRandom random, DType dtype) {
    double most =
        switch (dtype) {
          case FLOAT16 -> 65504;
          case FLOAT64 -> Double.MAX_VALUE;
          default -> 3.3e38;
        };
    double exponent = random.nextDouble(-50, Math.log10(most));
    return Math.pow(10, exponent);
  }

  private static Clipping clipping(SplittableRandom random, int kind) {
    double clip = Math.pow(10, random.nextDouble(-12, 30));
    return switch (kind) {
      case 0 -> new Clipping.Flat(clip);
      case 1 -> new Clipping.PerLayer(clip);
      default -> new Clipping.Automatic(clip, Math.pow(10, random.nextDouble(-20, 2)));
    };
  }

  /** All of about one size, or of many sizes, or with the largest number there is. */
  private static Tree gradient(SplittableRandom random, DType dtype) {
    double size = anySize(random, dtype);
    double spread = random.nextInt(3) * random.nextDouble(20);
    List<double[]> leaves = new ArrayList<>();
    for (int leaf = 0; leaf < 2; leaf++) {
      double[] numbers = new double[SIZES[random.nextInt(SIZES.length)]];
      for (int i = 0; i < numbers.length; i++) {
        double scaled = size * Math.pow(10, -random.nextDouble() * spread);
        numbers[i] = random.nextBoolean() ? scaled : -scaled;
      }
      leaves.add(numbers);
    }
    return Tree.of(
        "a", Tensor.of(dtype, leaves.get(0), leaves.get(0).length),
        "b", Tensor.of(dtype, leaves.get(1), leaves.get(1).length));
  }

  private static Tree changed(SplittableRandom random, Tree gradient) {
    double factor = 1 + random.nextDouble(-0.3, 0.3) * Math.pow(10, -random.nextInt(8));
    return gradient.mapLeaves((path, leaf) -> {
      double[] numbers = leaf.toDoubles();
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] *= random.nextInt(4) == 0 ? factor : 1;
      }
      return Tensor.of(leaf.dtype(), numbers, leaf.shape());
    });
  }

  private static boolean isFinite(Tree gradient) {
    return gradient.toMap().values().stream()
        .flatMapToDouble(leaf -> Arrays.stream(leaf.toDoubles()))
        .allMatch(Double::isFinite);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64", "BFLOAT16", "FLOAT16"})
  void noFiniteGradientAddsMoreThanTheSensitivity(DType dtype) {
    tryGradients(dtype, 400);
  }

  @ParameterizedTest
  @Tag("slow")
  @EnumSource(names = {"FLOAT32", "FLOAT64", "BFLOAT16", "FLOAT16"})
  void noneOfManyFiniteGradientsAddsMoreThanTheSensitivity(DType dtype) {
    tryGradients(dtype, 5000);
  }

  private static void tryGradients(DType dtype, int tries) {
    SplittableRandom random = new SplittableRandom(dtype.ordinal());
    for (int kind = 0; kind < 3; kind++) {
      Tried worst = null;
      for (int i = 0; i < tries; i++) {
        Tried next =
            worst == null || i % 3 < 2
                ? tried(clipping(random, kind), gradient(random, dtype))
                : tried(worst.clipping(), changed(random, worst.gradient()));
        if (isFinite(next.gradient())) {
          assertThat(next.share()).as("%s", next.clipping()).isLessThanOrEqualTo(1);
          worst = worst == null || next.share() > worst.share() ? next : worst;
        }
      }
      assertThat(worst.share()).isGreaterThan(0.9);
    }
  }

  /** Where the factor C / norm is a denormal float, of few bits or none. */
  @ParameterizedTest
  @CsvSource({
    "1e-9, 1.356e36, 1", "1e-9, 3.4e38, 1", "1e-12, 3.4e38, 3", "1e-4, 3.4e38, 1000",
    "1e-3, 3e38, 1000000", "1e-12, 1e-40, 1000000", "1, 1e-45, 1000000", "1e-12, 1e-18, 1000000"
  })
  void aFactorThatNoFloatHoldsKeepsTheClip(double clip, double size, int count) {
    float[] numbers = new float[count];
    Arrays.fill(numbers, (float) size);
    Tried tried = tried(new Clipping.Flat(clip), Tree.of("w", Tensor.of(numbers)));
    double norm = (float) size * Math.sqrt(count);
    assertThat(tried.share()).isBetween(Math.min(1, norm / clip) * 0.997 - 1e-3, 1.0);
  }

  @Test
  void doublesKeepTheClipWhereTheNormIsBeyondTheirSquares() {
    for (double size : new double[] {1e155, 1e300, 1.7e308}) {
      for (double clip : new double[] {1e-12, 1, 1e30}) {
        Tree gradient = Tree.of("w", Tensor.of(new double[] {size, -size, size / 3}));
        assertThat(tried(new Clipping.Flat(clip), gradient).share()).isLessThanOrEqualTo(1);
      }
    }
  }
}
