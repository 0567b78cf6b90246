package dev.glissade.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Accesses the memory of DJL's arrays. */
final class NativeArrays {
  /** The largest alignment that Java reports of an address. */
  private static final int ADDRESS = 1 << 30;

  /** For small arrays, copying these is faster than a call of the engine. */
  private static final byte[] ZEROS = new byte[1 << 16];

  private static final NDIndex ALL = new NDIndex("...");

  private NativeArrays() {}

  /** Returns an array's own memory, or a copy if that is not contiguous or not on the CPU. */
  static ByteBuffer memory(NDArray array) {
    return array.toByteBuffer(true);
  }

  /** Returns whether {@link #memory} is the array's own, by writing to it and reading back. */
  static boolean isAliased(NDArray array) {
    if (array.getDevice().isGpu()) {
      return false;
    }
    try (NDManager scope = array.getManager().newSubManager()) {
      array.tempAttach(scope); // closes copies with the scope
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

  /** Returns whether two buffers that exist at the same time share their memory. */
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

  /** Overwrites an array's numbers in place. */
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
   * Sets an array to zero in place.
   *
   * @param memory what {@link #memory} returned
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
