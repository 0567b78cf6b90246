package dev.glissade.tensorflow;

import dev.glissade.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.ndarray.buffer.DataStorageVisitor;
import org.tensorflow.proto.DataType;

/** Accesses the memory of TensorFlow's tensors. */
final class TensorMemory {
  private TensorMemory() {}

  /** Memory at an address that TensorFlow told. */
  private static final class Region extends BytePointer {
    Region(long address, long bytes) {
      this.address = address;
      this.limit = bytes;
      this.capacity = bytes;
    }
  }

  /** Asks a tensor's buffer for its address. */
  private static final class AddressOf implements DataStorageVisitor<Long> {
    @Override
    public Long visit(ByteBuffer buffer) {
      try (BytePointer pointer = new BytePointer(buffer)) { // where Java denies raw access
        return buffer.isDirect() ? (Long) pointer.address() : fallback();
      }
    }

    @Override
    public Long visit(long address, long length, long scale) {
      return address;
    }

    @Override
    public Long fallback() {
      throw new IllegalStateException(
          "TensorFlow's tensors must be in native memory, but one was on the heap");
    }
  }

  private static final AddressOf ADDRESS = new AddressOf();

  /** Returns where an open tensor's numbers begin. */
  static long address(Tensor tensor) {
    return address(tensor.asRawTensor().data());
  }

  static long address(ByteDataBuffer buffer) {
    return buffer.accept(ADDRESS);
  }

  /** Returns an open tensor's own memory. */
  static ByteBuffer bytes(String what, Tensor tensor) {
    long bytes = tensor.numBytes();
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%s must have at most %d bytes, but had %d: split the variable"
              .formatted(what, Integer.MAX_VALUE, bytes));
    }
    ByteBuffer memory = bytes == 0 ? null : region(address(tensor), bytes);
    return (memory == null ? ByteBuffer.allocateDirect(0) : memory).order(ByteOrder.nativeOrder());
  }

  @SuppressWarnings("resource") // the memory is the tensor's; the pointer owns none
  private static @Nullable ByteBuffer region(long address, long bytes) {
    return new Region(address, bytes).asByteBuffer();
  }

  /** Returns a tensor of ours on an open tensor's own memory. */
  static dev.glissade.Tensor wrap(String what, Tensor tensor) {
    DType dtype = dtype(what, tensor.dataType());
    return dev.glissade.Tensor.wrap(dtype, bytes(what, tensor), shape(tensor));
  }

  static int[] shape(Tensor tensor) {
    long[] lengths = tensor.shape().asArray();
    int[] shape = new int[lengths.length];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = Math.toIntExact(lengths[i]);
    }
    return shape;
  }

  private static DType dtype(String what, DataType type) {
    return switch (type) {
      case DT_FLOAT -> DType.FLOAT32;
      case DT_DOUBLE -> DType.FLOAT64;
      case DT_HALF -> DType.FLOAT16;
      case DT_BFLOAT16 -> DType.BFLOAT16;
      default ->
          throw new IllegalArgumentException(
              "%s must be float32, float64, float16, bfloat16 or frozen, but was %s"
                  .formatted(what, type));
    };
  }
}
