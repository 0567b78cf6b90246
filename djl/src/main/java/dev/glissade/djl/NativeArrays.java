package dev.glissade.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The memory of DJL's arrays. */
final class NativeArrays {
  /** As much of an address as Java tells. */
  private static final int ADDRESS = 1 << 30;

  /** Enough for small arrays, for which a call of the engine takes longer. */
  private static final byte[] ZEROS = new byte[1 << 16];

  private static final NDIndex ALL = new NDIndex("...");

  private NativeArrays() {}

  /** An array's own memory, or a copy of it where that is not contiguous or on another device. */
  static ByteBuffer memory(NDArray array) {
    return array.toByteBuffer(true);
  }

  /** Whether {@link #memory} of an array is its own: what is written there is read there again. */
  static boolean isAliased(NDArray array) {
    if (array.getDevice().isGpu()) {
      return false;
    }
    try (NDManager scope = array.getManager().newSubManager()) {
      array.tempAttach(scope); // so that copies are closed with the scope
      ByteBuffer one = memory(array);
      if (one.remaining() == 0) {
        return true;
      }
      byte before = one.get(0);
      one.put(0, (byte) ~before);
      boolean aliased = memory(array).get(0) != before;
      one.put(0, before);
      return aliased;
    }
  }

  /** Whether two buffers that exist at the same time are on the same memory. */
  static boolean isSame(ByteBuffer a, ByteBuffer b) {
    return a.remaining() == b.remaining()
        && a.alignmentOffset(0, ADDRESS) == b.alignmentOffset(0, ADDRESS);
  }

  /** Copies an array's numbers to a buffer. */
  static void read(NDArray array, ByteBuffer to) {
    try (NDManager scope = array.getManager().newSubManager()) {
      array.tempAttach(scope);
      to.duplicate().put(memory(array));
    }
  }

  /** Overwrites an array's numbers where they are. */
  static void write(ByteBuffer from, NDArray array) {
    try (NDManager scope = array.getManager().newSubManager()) {
      ByteBuffer bytes = from.duplicate().order(ByteOrder.nativeOrder());
      assign(array, scope.create(bytes, array.getShape(), array.getDataType()));
    }
  }

  /** Sets an array to the numbers of another, which may be on another device. */
  static void assign(NDArray array, NDArray numbers) {
    try (NDManager scope = array.getManager().newSubManager()) {
      if (numbers.getDevice().equals(array.getDevice())) {
        array.set(ALL, numbers);
        return;
      }
      NDArray near = numbers.toDevice(array.getDevice(), true);
      near.attach(scope);
      array.set(ALL, near);
    }
  }

  /**
   * Sets an array to zero where it is.
   *
   * @param memory what {@link #memory} gave
   */
  static void clear(NDArray array, ByteBuffer memory, NDManager scope) {
    if (memory.remaining() <= ZEROS.length) {
      memory.duplicate().put(ZEROS, 0, memory.remaining());
      if (isSame(memory, memory(array))) {
        return;
      }
    }
    array.set(ALL, scope.zeros(new Shape(), array.getDataType(), array.getDevice()));
  }
}
