package dev.glissade.contrib;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Parameters of several shapes and gradients for them, from seeds. */
public final class Problem {
  static final int BATCH = 3;
  private static final Map<String, int[]> SHAPES = new LinkedHashMap<>();

  static {
    SHAPES.put("scale", new int[0]);
    SHAPES.put("dense/kernel", new int[] {3, 5});
    SHAPES.put("empty", new int[] {0, 4});
    SHAPES.put("big", new int[] {33_001});
    SHAPES.put("dense/bias", new int[] {5});
  }

  private Problem() {}

  private static Tree draw(DType dtype, long seed, int batch, Map<String, int[]> shapes) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    shapes.forEach((path, shape) -> {
      int[] whole = shape;
      if (batch > 0) {
        whole = new int[shape.length + 1];
        whole[0] = batch;
        System.arraycopy(shape, 0, whole, 1, shape.length);
      }
      int size = 1;
      for (int length : whole) {
        size *= length;
      }
      double[] numbers = random.doubles(size, -1, 1).toArray();
      tensors.put(path, Tensor.of(dtype, numbers, whole));
    });
    return Tree.of(tensors);
  }

  public static Tree params(DType dtype) {
    return draw(dtype, 1, 0, SHAPES);
  }

  /** Gradients of a step; per example where the optimizer takes such. */
  public static Tree gradients(GradientTransformation<?> optimizer, DType dtype, int step) {
    return draw(dtype, 100 + step, optimizer.perExample() ? BATCH : 0, SHAPES);
  }

  /** Every number of the gradients replaced. */
  static Tree filled(Tree gradients, double value) {
    return gradients.mapLeaves((path, tensor) -> {
      double[] numbers = new double[tensor.size()];
      Arrays.fill(numbers, value);
      return Tensor.of(tensor.dtype(), numbers, tensor.shape());
    });
  }
}
