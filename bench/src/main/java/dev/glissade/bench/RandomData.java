package dev.glissade.bench;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Random parameters and gradients, equal for equal seeds. */
final class RandomData {
  private RandomData() {}

  static float[] random(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] numbers = new float[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = (float) random.nextDouble(-0.1, 0.1);
    }
    return numbers;
  }

  static void negate(float[] numbers) {
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = -numbers[i];
    }
  }

  static void negate(FloatBuffer numbers) {
    for (int i = 0; i < numbers.capacity(); i++) {
      numbers.put(i, -numbers.get(i));
    }
  }

  static float[] negated(float[] numbers) {
    float[] negated = numbers.clone();
    negate(negated);
    return negated;
  }

  /** Returns a tree with leaves of these shapes, each on its own array. */
  static Tree tree(TreeShape form, long seed, boolean negative) {
    int[] sizes = form.sizes();
    Map<String, Tensor> leaves = new LinkedHashMap<>();
    for (int i = 0; i < sizes.length; i++) {
      float[] numbers = random(sizes[i], seed + i);
      leaves.put(
          "leaf%05d".formatted(i),
          Tensor.wrap(negative ? negated(numbers) : numbers, form.shapes().get(i)));
    }
    return Tree.of(leaves);
  }
}
