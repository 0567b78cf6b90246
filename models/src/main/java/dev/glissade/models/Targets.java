package dev.glissade.models;

import dev.glissade.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a model should predict for each example: a class or numbers; optionally with weights. */
public sealed interface Targets {
  /** {@return the number of examples} */
  int size();

  /**
   * Returns what an example's loss and gradient are multiplied by.
   *
   * @param example the index of the example
   * @return its weight; 1 without weights
   */
  double weight(int example);

  /**
   * Returns these targets with weights.
   *
   * @param weights one finite, non-negative number for each example, which is not copied
   * @return the same targets, weighted
   * @throws IllegalArgumentException if there is not one weight for each example, or one is
   *     negative, infinite or NaN
   */
  Targets weighted(float... weights);

  /**
   * Returns the targets of some examples.
   *
   * @param order indices of examples
   * @param from the first position in {@code order}
   * @param to the position after the last
   * @return the targets of examples order[from], ..., order[to - 1], in arrays of their own
   */
  Targets select(int[] order, int from, int to);

  /**
   * Returns a class for each example.
   *
   * @param classes the numbers of the classes, from 0; the array is not copied
   * @return the targets
   * @throws IllegalArgumentException if a number is negative
   */
  static Labels labels(int... classes) {
    return new Labels(classes, null);
  }

  /**
   * Returns one number for each example, as for regression with one output.
   *
   * @param values the numbers; the array is not copied
   * @return the targets
   */
  static Values values(float... values) {
    return values(Tensor.wrap(values, values.length, 1));
  }

  /**
   * Returns one number for each example, as for regression with one output.
   *
   * @param values the numbers; the array is not copied
   * @return the targets
   */
  static Values values(double... values) {
    return values(Tensor.wrap(values, values.length, 1));
  }

  /**
   * Returns numbers for each output of each example: those of regression, or a probability for each
   * class.
   *
   * @param values float32 or float64 numbers of shape [examples, outputs], which are not copied
   * @return the targets
   * @throws IllegalArgumentException if the tensor has another type or number of axes
   */
  static Values values(Tensor values) {
    return new Values(values, null);
  }

  /**
   * Returns the numbers along an axis of an array with any number of axes, one example for each
   * index of the others, in row-major order.
   *
   * @param values float32 or float64 numbers, which are copied
   * @param axis the axis that counts the outputs of an example; -1 is the last
   * @return the targets
   * @throws IllegalArgumentException if the tensor lacks the axis, or the tensor has another type
   */
  static Values values(Tensor values, int axis) {
    Matrices.checkType("values", values.dtype());
    Lines lines = Lines.of(values.shape(), axis);
    double[] rows = new double[values.size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = values.get(lines.position(i / lines.length(), i % lines.length()));
    }
    return values(Tensor.of(values.dtype(), rows, lines.count(), lines.length()));
  }

  /** A class for each example. */
  final class Labels implements Targets {
    private final int[] classes;
    private final float @Nullable [] weights;

    private Labels(int[] classes, float @Nullable [] weights) {
      for (int i = 0; i < classes.length; i++) {
        if (classes[i] < 0) {
          throw new IllegalArgumentException(
              "classes[%d] must not be negative, but was %d".formatted(i, classes[i]));
        }
      }
      checkWeights(weights, classes.length);
      this.classes = classes;
      this.weights = weights;
    }

    @Override
    public int size() {
      return classes.length;
    }

    /**
     * {@return the number of an example's class}
     *
     * @param example the index of the example
     */
    public int at(int example) {
      return classes[example];
    }

    @Override
    public double weight(int example) {
      return weights == null ? 1 : weights[example];
    }

    @Override
    public Labels select(int[] order, int from, int to) {
      int[] selected = new int[to - from];
      for (int i = from; i < to; i++) {
        selected[i - from] = classes[order[i]];
      }
      return new Labels(selected, selectWeights(weights, order, from, to));
    }

    @Override
    public Labels weighted(float... weights) {
      return new Labels(classes, weights);
    }

    @Override
    public String toString() {
      return "Labels" + Arrays.toString(Arrays.copyOf(classes, Math.min(8, classes.length)));
    }
  }

  /** Numbers for each output of each example. */
  final class Values implements Targets {
    private final Tensor values;
    private final int outputs;
    private final float @Nullable [] weights;

    private Values(Tensor values, float @Nullable [] weights) {
      Matrices.checkMatrix("values", values);
      int[] shape = values.shape();
      checkWeights(weights, shape[0]);
      this.values = values;
      this.outputs = shape[1];
      this.weights = weights;
    }

    @Override
    public int size() {
      return outputs == 0 ? 0 : values.size() / outputs;
    }

    /** {@return the number of outputs of each example} */
    public int outputs() {
      return outputs;
    }

    /**
     * {@return the number that an output should be}
     *
     * @param example the index of the example
     * @param output the index of the output
     */
    public double at(int example, int output) {
      return values.get(example * outputs + output);
    }

    @Override
    public double weight(int example) {
      return weights == null ? 1 : weights[example];
    }

    @Override
    public Values select(int[] order, int from, int to) {
      double[] selected = new double[(to - from) * outputs];
      for (int i = 0; i < selected.length; i++) {
        selected[i] = at(order[from + i / outputs], i % outputs);
      }
      return new Values(
          Tensor.of(values.dtype(), selected, to - from, outputs),
          selectWeights(weights, order, from, to));
    }

    @Override
    public Values weighted(float... weights) {
      return new Values(values, weights);
    }

    @Override
    public String toString() {
      return "Values" + values;
    }
  }

  private static float @Nullable [] selectWeights(
      float @Nullable [] weights, int[] order, int from, int to) {
    if (weights == null) {
      return null;
    }
    float[] selected = new float[to - from];
    for (int i = from; i < to; i++) {
      selected[i - from] = weights[order[i]];
    }
    return selected;
  }

  private static void checkWeights(float @Nullable [] weights, int examples) {
    if (weights == null) {
      return;
    }
    if (weights.length != examples) {
      throw new IllegalArgumentException(
          "weights must have one number for each of %d examples, but had %d"
              .formatted(examples, weights.length));
    }
    for (int i = 0; i < weights.length; i++) {
      if (!(weights[i] >= 0) || Float.isInfinite(weights[i])) {
        throw new IllegalArgumentException(
            "weights[%d] must be finite and not negative, but was %s".formatted(i, weights[i]));
      }
    }
  }
}
