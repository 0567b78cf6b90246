package dev.glissade.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import dev.glissade.DType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A parameter that is trained: its path in the block, and its array on each device, of which the
 * first is stepped and the others are mirrors.
 */
record Trainable(String path, Parameter parameter, List<NDArray> arrays) {

  /** A block's parameters that are not frozen, in the block's order; one that is shared once. */
  static List<Pair<String, Parameter>> of(Block block) {
    Set<String> seen = new HashSet<>();
    List<Pair<String, Parameter>> trainable = new ArrayList<>();
    for (Pair<String, Parameter> named : block.getParameters()) {
      Parameter parameter = named.getValue();
      if (parameter.requiresGradient() && seen.add(parameter.getId())) {
        trainable.add(named);
      }
    }
    if (trainable.isEmpty()) {
      throw new IllegalStateException(
          "the model must have a parameter that is not frozen: all %d are"
              .formatted(block.getParameters().size()));
    }
    return trainable;
  }

  NDArray array() {
    return arrays.get(0);
  }

  DType dtype() {
    return switch (array().getDataType()) {
      case FLOAT32 -> DType.FLOAT32;
      case FLOAT64 -> DType.FLOAT64;
      case FLOAT16 -> DType.FLOAT16;
      case BFLOAT16 -> DType.BFLOAT16;
      default ->
          throw new IllegalArgumentException(
              "parameter \"%s\" must be float32, float64, float16 or bfloat16: %s"
                  .formatted(path, array().getDataType()));
    };
  }

  int[] shape() {
    long bytes = array().getShape().size() * array().getDataType().getNumOfBytes();
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "parameter \"%s\" must have at most %d bytes: %d"
              .formatted(path, Integer.MAX_VALUE, bytes));
    }
    long[] shape = array().getShape().getShape();
    int[] lengths = new int[shape.length];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = (int) shape[i];
    }
    return lengths;
  }

  /**
   * The sum of the devices' gradients, on the first one; zeros where none was computed.
   *
   * @param scope what the array is closed with
   */
  NDArray gradient(NDManager scope) {
    NDArray sum = gradient(array(), scope);
    for (NDArray mirror : arrays.subList(1, arrays.size())) {
      sum.addi(gradient(mirror, scope).toDevice(sum.getDevice(), false));
    }
    return sum;
  }

  private static NDArray gradient(NDArray array, NDManager scope) {
    NDArray gradient = array.getGradient();
    gradient.attach(scope);
    // Where no gradient was computed, DJL gives zeros in float32.
    return gradient.getDataType() == array.getDataType()
        ? gradient
        : scope.zeros(array.getShape(), array.getDataType(), array.getDevice());
  }
}
