package dev.glissade.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import dev.glissade.DType;
import dev.glissade.Tensor;
import dev.glissade.host.HostParameter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A trained parameter, on its own memory, or on a copy where that is not possible. */
final class Trainable implements HostParameter {
  private final String path;
  private final List<NDArray> arrays;

  /** The first array's own memory, or a copy; null until {@link #tensor}. */
  private @Nullable ByteBuffer memory;

  private boolean copied;

  /**
   * Describes a parameter.
   *
   * @param path the path in the block
   * @param arrays the arrays on each device; the optimizer steps the first, the others mirror it
   */
  Trainable(String path, List<NDArray> arrays) {
    this.path = path;
    this.arrays = arrays;
  }

  /**
   * Returns a block's parameters that are not frozen, in the block's order; a shared one once.
   *
   * @param arrays returns a parameter's arrays, or null if it is not in use yet
   */
  static List<Trainable> of(
      Block block, BiFunction<String, Parameter, @Nullable List<NDArray>> arrays) {
    Set<String> seen = new HashSet<>();
    List<Trainable> trainable = new ArrayList<>();
    for (Pair<String, Parameter> named : block.getParameters()) {
      Parameter parameter = named.getValue();
      if (parameter.requiresGradient() && seen.add(parameter.getId())) {
        List<NDArray> found = arrays.apply(named.getKey(), parameter);
        if (found != null) {
          trainable.add(new Trainable(named.getKey(), found));
        }
      }
    }
    if (seen.isEmpty()) {
      throw new IllegalStateException(
          "the model must have a parameter that is not frozen, but all %d were"
              .formatted(block.getParameters().size()));
    }
    if (trainable.isEmpty()) {
      throw new IllegalStateException(
          "the model's parameters must be initialized before a step, but %d were not"
              .formatted(seen.size()));
    }
    return trainable;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public Tensor tensor() {
    if (memory == null) {
      int bytes = bytes();
      copied = !NativeArrays.isAliased(array());
      memory =
          copied
              ? ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder())
              : NativeArrays.memory(array());
    }
    return Tensor.wrap(dtype(), memory, shape());
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // arrays of equal numbers are not the same memory
  public boolean isSame(HostParameter now) {
    return now instanceof Trainable other
        && array() == other.array()
        && path.equals(other.path)
        && memory != null
        && (copied || NativeArrays.isSame(memory, NativeArrays.memory(array())));
  }

  @Override
  public Trainable again() {
    return new Trainable(path, arrays);
  }

  @Override
  public boolean isCopied() {
    return copied;
  }

  @Override
  public boolean isOpen() {
    return !array().isReleased();
  }

  @Override
  public void load() {
    if (copied && memory != null) {
      NativeArrays.read(array(), memory);
    }
  }

  @Override
  public void store() {
    if (copied && memory != null) {
      NativeArrays.write(memory, array());
    }
    mirrors().forEach(mirror -> NativeArrays.assign(mirror, array()));
  }

  NDArray array() {
    return arrays.get(0);
  }

  List<NDArray> mirrors() {
    return arrays.subList(1, arrays.size());
  }

  DType dtype() {
    return switch (array().getDataType()) {
      case FLOAT32 -> DType.FLOAT32;
      case FLOAT64 -> DType.FLOAT64;
      case FLOAT16 -> DType.FLOAT16;
      case BFLOAT16 -> DType.BFLOAT16;
      default ->
          throw new IllegalArgumentException(
              "parameter \"%s\" must be float32, float64, float16, bfloat16 or frozen, but was %s"
                  .formatted(path, array().getDataType()));
    };
  }

  int bytes() {
    long bytes = array().size() * array().getDataType().getNumOfBytes();
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "parameter \"%s\" must have at most %d bytes, but had %d"
              .formatted(path, Integer.MAX_VALUE, bytes));
    }
    return (int) bytes;
  }

  int[] shape() {
    long[] shape = array().getShape().getShape();
    int[] lengths = new int[shape.length];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = Math.toIntExact(shape[i]);
    }
    return lengths;
  }
}
