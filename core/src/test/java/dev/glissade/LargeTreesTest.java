package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.glissade.optimizer.Optimizers;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums of many floats are accurate, and a tree may have more elements than an array can. */
@Tag("vectors")
class LargeTreesTest {

  private static float[] random(int size) {
    SplittableRandom random = new SplittableRandom(size);
    float[] numbers = new float[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = (float) (random.nextDouble(-1, 1) * Math.exp(random.nextDouble(-6, 6)));
    }
    return numbers;
  }

  /** The sum without rounding: of parts of 1,000 in double-double, and those exactly. */
  private static double exactSum(float[] numbers, boolean squares) {
    BigDecimal sum = BigDecimal.ZERO;
    for (int from = 0; from < numbers.length; from += 1000) {
      double high = 0;
      double low = 0;
      for (int i = from; i < Math.min(from + 1000, numbers.length); i++) {
        double term = squares ? (double) numbers[i] * numbers[i] : Math.abs(numbers[i]);
        double next = high + term;
        double part = next - high;
        low += (high - (next - part)) + (term - part);
        high = next;
      }
      sum = sum.add(new BigDecimal(high)).add(new BigDecimal(low));
    }
    return sum.doubleValue();
  }

  private static void requireAccurate(int size) {
    float[] numbers = random(size);
    Tree tree = Tree.of("w", Tensor.wrap(numbers));
    double norm = Deferred.evaluated(tree.norm()).value();
    double norm1 = Deferred.evaluated(tree.norm1()).value();
    assertThat(norm / Math.sqrt(exactSum(numbers, true))).isCloseTo(1, offset(1e-6));
    assertThat(norm1 / exactSum(numbers, false)).isCloseTo(1, offset(1e-6));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 511, 100_000, 5_000_000})
  void normsAreAccurate(int size) {
    requireAccurate(size);
  }

  @Test
  @Tag("slow")
  void normsOfAHundredMillionAreAccurate() {
    requireAccurate(100_000_000);
  }

  @Test
  @Tag("slow")
  void aTreeOfMoreThanTwoToThe31Elements() {
    assumeThat(Runtime.getRuntime().maxMemory()).isGreaterThan(11L << 30);
    int size = 800_000_000;
    short one = Tensor.toBFloat16(1);
    Tree params = bits(size, (short) 0);
    Tree gradients = bits(size, one);
    assertThat(params.size()).isEqualTo(2_400_000_000L);
    Stepper<?> stepper = Stepper.borrowing(Optimizers.sgd(0.5), params);
    stepper.step(gradients);
    for (String leaf : params.paths()) {
      assertThat(params.get(leaf).get(0)).isEqualTo(-0.5);
      assertThat(params.get(leaf).get(size - 1)).isEqualTo(-0.5);
    }
    assertThat(Deferred.evaluated(gradients.norm1()).value()).isEqualTo(2.4e9);
  }

  @Test
  @Tag("slow")
  void theLargestArray() {
    assumeThat(Runtime.getRuntime().maxMemory()).isGreaterThan(11L << 30);
    float[] ones = new float[Integer.MAX_VALUE - 8];
    Arrays.fill(ones, 1);
    Tree tree = Tree.of("w", Tensor.wrap(ones));
    assertThat(Deferred.evaluated(tree.norm1()).value()).isEqualTo(ones.length);
    assertThat(Deferred.evaluated(tree.dot(tree)).value()).isEqualTo(ones.length);
  }

  private static Tree bits(int size, short value) {
    Tensor[] leaves = new Tensor[3];
    for (int i = 0; i < leaves.length; i++) {
      short[] bits = new short[size];
      Arrays.fill(bits, value);
      leaves[i] = Tensor.wrap(DType.BFLOAT16, bits, size);
    }
    return Tree.of(Map.of("a", leaves[0], "b", leaves[1], "c", leaves[2]));
  }
}
