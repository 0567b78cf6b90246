package dev.glissade.models;

import dev.glissade.DType;
import dev.glissade.Tensor;
import java.util.Arrays;

/** Checks the shapes and types of tensors. */
final class Matrices {
  private Matrices() {}

  static void checkMatrix(String name, Tensor tensor) {
    if (tensor.shape().length != 2) {
      throw new IllegalArgumentException(
          "%s must have two axes, [examples, numbers], but had %d"
              .formatted(name, tensor.shape().length));
    }
    checkType(name, tensor.dtype());
  }

  static void checkType(String name, DType type) {
    if (type != DType.FLOAT32 && type != DType.FLOAT64) {
      throw new IllegalArgumentException(
          "%s must be float32 or float64, but was %s".formatted(name, type));
    }
  }

  static void checkSameShape(String name, Tensor tensor, String model, Tensor other) {
    if (!Arrays.equals(tensor.shape(), other.shape())) {
      throw new IllegalArgumentException(
          "%s must have the shape of %s, %s, but had %s"
              .formatted(
                  name, model, Arrays.toString(other.shape()), Arrays.toString(tensor.shape())));
    }
  }
}
