package dev.glissade.dl4j;

import dev.glissade.DType;
import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Accesses the memory of the flat arrays that hold a network's parameters and gradients. */
final class FlatArrays {
  private FlatArrays() {}

  /** Refuses backends whose arrays are not in the CPU's memory. */
  static void requireCpu() {
    ExecutionerType type = Nd4j.getExecutioner().type();
    if (type != ExecutionerType.NATIVE_CPU) {
      throw new IllegalStateException(
          "ND4J's backend must be on the CPU, but was %s: depend on nd4j-native".formatted(type));
    }
  }

  /** Refuses an array whose memory has been freed. */
  static void requireOpen(INDArray flat) {
    if (flat.wasClosed()) {
      throw new IllegalStateException("the network must be open, but was closed");
    }
  }

  /** Returns where the first number is. */
  static long address(INDArray flat) {
    requireOpen(flat);
    return flat.data().addressPointer().address();
  }

  /** Returns some numbers of the array as its own memory, which lives as long as the array. */
  static ByteBuffer memory(INDArray flat, long begin, long end) {
    int each = flat.dataType().width();
    BytePointer bytes = new BytePointer(flat.data().addressPointer());
    return bytes.position(begin * each).limit(end * each).asByteBuffer();
  }

  /** Returns some numbers of the array as a view of it. */
  static INDArray part(INDArray flat, long begin, long end) {
    INDArray vector = flat.rank() == 1 ? flat : flat.reshape(flat.length());
    return vector.get(NDArrayIndex.interval(begin, end));
  }

  /** Returns a row-major copy outside of DL4J's workspaces, whose memory is soon used again. */
  @SuppressWarnings("try") // the scope has no other use
  static INDArray copy(INDArray array) {
    try (MemoryWorkspace none = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      return array.dup('c');
    }
  }

  /** Returns the type of the tensors on the array's memory. */
  static DType dtype(INDArray flat) {
    return switch (flat.dataType()) {
      case FLOAT -> DType.FLOAT32;
      case DOUBLE -> DType.FLOAT64;
      case HALF -> DType.FLOAT16;
      case BFLOAT16 -> DType.BFLOAT16;
      default ->
          throw new IllegalArgumentException(
              "the network's data type must be FLOAT, DOUBLE, HALF or BFLOAT16, but was "
                  + flat.dataType());
    };
  }
}
