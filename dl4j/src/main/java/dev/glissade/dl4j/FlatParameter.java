package dev.glissade.dl4j;

import dev.glissade.DType;
import dev.glissade.Tensor;
import dev.glissade.host.HostParameter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A trained parameter: a part of the network's flat array.
 *
 * @param path the name, such as "0_W"
 * @param begin where its numbers begin in the flat arrays of parameters and gradients
 * @param shape the shape for which the numbers are in row-major order: that of the network in
 *     reverse if it keeps them by columns
 * @param numbers the parameters of the whole network
 * @param address where they are
 */
record FlatParameter(String path, long begin, int[] shape, INDArray numbers, long address)
    implements HostParameter {

  /**
   * Describes a parameter.
   *
   * @param parameter the array of the parameter's own shape
   */
  static FlatParameter of(String path, long begin, INDArray parameter, INDArray numbers) {
    long bytes = parameter.length() * numbers.dataType().width();
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "parameter \"%s\" must have at most %d bytes, but had %d"
              .formatted(path, Integer.MAX_VALUE, bytes));
    }
    long[] lengths = parameter.shape();
    int[] shape = new int[lengths.length];
    for (int axis = 0; axis < shape.length; axis++) {
      int place = parameter.ordering() == 'f' ? shape.length - 1 - axis : axis;
      shape[place] = Math.toIntExact(lengths[axis]);
    }
    return new FlatParameter(path, begin, shape, numbers, FlatArrays.address(numbers));
  }

  long end() {
    return begin + size();
  }

  int size() {
    int size = 1;
    for (int length : shape) {
      size *= length;
    }
    return size;
  }

  DType dtype() {
    return FlatArrays.dtype(numbers);
  }

  @Override
  public Tensor tensor() {
    return of(numbers);
  }

  /** Returns the numbers of this parameter, or its gradients, in one of the network's arrays. */
  Tensor of(INDArray flat) {
    return Tensor.wrap(FlatArrays.dtype(flat), memory(flat), shape);
  }

  ByteBuffer memory(INDArray flat) {
    return FlatArrays.memory(flat, begin, end());
  }

  @Override
  public boolean isOpen() {
    return !numbers.wasClosed();
  }

  @Override
  public boolean isSame(HostParameter now) {
    return equals(now);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof FlatParameter that
            && address == that.address
            && begin == that.begin
            && path.equals(that.path)
            && Arrays.equals(shape, that.shape)
            && numbers.dataType() == that.numbers.dataType());
  }

  @Override
  public int hashCode() {
    return path.hashCode() + 31 * Long.hashCode(address + begin);
  }
}
