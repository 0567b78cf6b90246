package dev.glissade.testing;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/** Parameters of several shapes and gradients for them, from seeds. */
public final class Problem {
  /** Steps of so many numbers are shared among threads. */
  public static final int LARGE = (1 << 20) + 4097;

  private static final int BATCH = 3;
  private static final Map<Long, Tree> LARGE_TREES = new ConcurrentHashMap<>();

  /** More than the lanes of a reduction. */
  private static final int LANES_FULL = 1_049;

  /** More than a range. */
  private static final int RANGE_FULL = 33_001;

  private Problem() {}

  private static Map<String, int[]> shapes(int big) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    shapes.put("scale", new int[0]);
    shapes.put("dense/kernel", new int[] {3, 5});
    shapes.put("empty", new int[] {0, 4});
    shapes.put("big", new int[] {big});
    shapes.put("dense/bias", new int[] {5});
    return shapes;
  }

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
    return draw(dtype, 1, 0, shapes(LANES_FULL));
  }

  /** Gradients of a step; per example where the optimizer takes such. */
  public static Tree gradients(GradientTransformation<?> optimizer, DType dtype, int step) {
    return draw(dtype, 100 + step, optimizer.perExample() ? BATCH : 0, shapes(LANES_FULL));
  }

  /** Parameters that a loop walks in two ranges. */
  public static Tree twoRanges(DType dtype) {
    return draw(dtype, 1, 0, shapes(RANGE_FULL));
  }

  /** Gradients for {@link #twoRanges}. */
  public static Tree gradientsOfTwoRanges(
      GradientTransformation<?> optimizer, DType dtype, int step) {
    return draw(dtype, 100 + step, optimizer.perExample() ? BATCH : 0, shapes(RANGE_FULL));
  }

  /** Every number of the gradients replaced. */
  public static Tree filled(Tree gradients, double value) {
    return gradients.mapLeaves((path, tensor) -> {
      double[] numbers = new double[tensor.size()];
      Arrays.fill(numbers, value);
      return Tensor.of(tensor.dtype(), numbers, tensor.shape());
    });
  }

  /** The same numbers in memory outside of the heap. */
  public static Tree direct(Tree tree) {
    Map<String, Tensor> leaves = new LinkedHashMap<>();
    tree.toMap().forEach((path, tensor) -> leaves.put(path, direct(tensor)));
    return Tree.of(leaves);
  }

  private static Tensor direct(Tensor tensor) {
    if (tensor.dtype().isComplex()) {
      return Tensor.complex(direct(tensor.real()), direct(tensor.imaginary()));
    }
    ByteBuffer bytes = ByteBuffer.allocateDirect(8 * tensor.size()).order(ByteOrder.nativeOrder());
    if (tensor.array() instanceof float[] floats) {
      bytes.asFloatBuffer().put(floats);
      bytes.limit(4 * floats.length);
    } else if (tensor.array() instanceof double[] doubles) {
      bytes.asDoubleBuffer().put(doubles);
    } else if (tensor.array() instanceof short[] bits) {
      bytes.asShortBuffer().put(bits);
      bytes.limit(2 * bits.length);
    }
    return Tensor.wrap(tensor.dtype(), bytes, tensor.shape());
  }

  /** Drawn once, and not to be changed. */
  public static Tree large(long seed) {
    return LARGE_TREES.computeIfAbsent(seed, Problem::drawn);
  }

  private static Tree drawn(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, Tensor> leaves = new LinkedHashMap<>();
    for (int size : new int[] {LARGE, 1, 5000, 0, 511}) {
      float[] numbers = new float[size];
      for (int i = 0; i < size; i++) {
        numbers[i] = (float) random.nextDouble() - 0.5f;
      }
      leaves.put("leaf" + size, Tensor.wrap(numbers, size));
    }
    for (int i = 0; i < 300; i++) {
      leaves.put("small" + i, Tensor.of(new float[] {i, (float) random.nextDouble(), -1}));
    }
    return Tree.of(leaves);
  }
}
