package dev.glissade.pytorch;

import dev.glissade.DType;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The memory of libtorch's tensors, and which of it steps can work on. */
final class TorchMemory {
  private TorchMemory() {}

  /** Returns what a function returns; releases the pointers that it allocates. */
  static <T> T inScope(Supplier<T> body) {
    PointerScope scope = new PointerScope();
    try {
      return body.get();
    } finally {
      scope.close();
    }
  }

  /** Returns the address of the first number; 0 if the tensor has no memory. */
  static long address(Tensor tensor) {
    Pointer first = tensor.data_ptr();
    return first == null ? 0 : first.address();
  }

  /** Returns a tensor's memory, which lives as long as its storage. */
  static ByteBuffer bytes(Tensor tensor) {
    Pointer first = tensor.data_ptr();
    if (first == null || first.isNull()) {
      return ByteBuffer.allocateDirect(0);
    }
    first.capacity(tensor.nbytes());
    return first.asByteBuffer();
  }

  /** Returns a tensor of ours on a tensor's memory. */
  static dev.glissade.Tensor wrapped(String what, Tensor tensor) {
    return dev.glissade.Tensor.wrap(dtype(what, tensor), bytes(tensor), shape(tensor));
  }

  static int[] shape(Tensor tensor) {
    return LongStream.range(0, tensor.dim())
        .mapToInt(axis -> Math.toIntExact(tensor.size(axis)))
        .toArray();
  }

  /**
   * Requires memory that a step can read and write.
   *
   * @param what names the tensor in errors
   */
  static void require(String what, Tensor tensor) {
    if (isPlain(tensor)) {
      if (tensor.nbytes() > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "%s must have at most %d bytes, but had %d: split it, or freeze it"
                .formatted(what, Integer.MAX_VALUE, tensor.nbytes()));
      }
      return;
    }
    if (!tensor.is_cpu()) {
      throw new IllegalArgumentException(
          "%s must be in the CPU's memory, but was on %s: train on the CPU, or with libtorch's own"
                  .formatted(what, inScope(() -> tensor.device().str().getString()))
              + " optimizer");
    }
    if (!tensor.has_storage()) {
      throw new IllegalArgumentException(
          "%s must be dense, but was %s: turn off the layer's option sparse"
              .formatted(what, tensor.is_sparse() ? "sparse" : "of another layout"));
    }
    if (tensor.is_neg()) {
      throw new IllegalArgumentException(
          what + " must have its own numbers, but was a negated view: call resolve_neg");
    }
    throw new IllegalArgumentException(
        "%s must be contiguous, but had the strides %s: replace it by a contiguous() copy"
            .formatted(what, strides(tensor)));
  }

  /** Returns whether a tensor's numbers are in row-major order in the CPU's memory. */
  private static boolean isPlain(Tensor tensor) {
    return tensor.is_cpu() && tensor.has_storage() && !tensor.is_neg() && tensor.is_contiguous();
  }

  private static String strides(Tensor tensor) {
    return LongStream.range(0, tensor.dim()).map(tensor::stride).boxed().toList().toString();
  }

  /**
   * Returns the type of the numbers.
   *
   * @param what names the tensor in errors
   */
  static DType dtype(String what, Tensor tensor) {
    ScalarType type = tensor.scalar_type().intern();
    return switch (type) {
      case Float -> DType.FLOAT32;
      case Double -> DType.FLOAT64;
      case Half -> DType.FLOAT16;
      case BFloat16 -> DType.BFLOAT16;
      default ->
          throw new IllegalArgumentException(
              "%s must be float32, float64, float16, bfloat16 or frozen, but was %s"
                  .formatted(what, type));
    };
  }
}
