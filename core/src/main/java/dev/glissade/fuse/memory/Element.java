package dev.glissade.fuse.memory;

import java.lang.reflect.Array;
import java.nio.Buffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** The stored type of a plane's numbers. Arithmetic on 16-bit elements is in float. */
public enum Element {
  F32(4),
  F64(8),
  BF16(2),
  F16(2);

  private final int bytes;

  Element(int bytes) {
    this.bytes = bytes;
  }

  public int bytes() {
    return bytes;
  }

  /** Returns the type of arithmetic on this element: F64 for F64, else F32. */
  public Element compute() {
    return this == F64 ? F64 : F32;
  }

  public Object allocate(int length) {
    return switch (this) {
      case F32 -> new float[length];
      case F64 -> new double[length];
      case BF16, F16 -> new short[length];
    };
  }

  /** Returns the length of an array or the capacity of a buffer. */
  public static int length(Object storage) {
    return storage instanceof Buffer buffer ? buffer.capacity() : Array.getLength(storage);
  }

  /** Copies bits between arrays and buffers of this element. */
  public void copy(Object source, int from, Object destination, int to, int count) {
    if (!(source instanceof Buffer) && !(destination instanceof Buffer)) {
      System.arraycopy(source, from, destination, to, count);
    } else if (!(destination instanceof Buffer)) {
      switch (this) {
        case F32 -> ((FloatBuffer) source).get(from, (float[]) destination, to, count);
        case F64 -> ((DoubleBuffer) source).get(from, (double[]) destination, to, count);
        case BF16, F16 -> ((ShortBuffer) source).get(from, (short[]) destination, to, count);
      }
    } else if (!(source instanceof Buffer)) {
      switch (this) {
        case F32 -> ((FloatBuffer) destination).put(to, (float[]) source, from, count);
        case F64 -> ((DoubleBuffer) destination).put(to, (double[]) source, from, count);
        case BF16, F16 -> ((ShortBuffer) destination).put(to, (short[]) source, from, count);
      }
    } else {
      switch (this) {
        case F32 -> ((FloatBuffer) destination).put(to, (FloatBuffer) source, from, count);
        case F64 -> ((DoubleBuffer) destination).put(to, (DoubleBuffer) source, from, count);
        case BF16, F16 -> ((ShortBuffer) destination).put(to, (ShortBuffer) source, from, count);
      }
    }
  }

  /** Loads {@code count} numbers from an array and widens them to double without loss. */
  public void load(Object array, int from, double[] out, int count) {
    switch (this) {
      case F32 -> {
        float[] floats = (float[]) array;
        for (int i = 0; i < count; i++) {
          out[i] = floats[from + i];
        }
      }
      case F64 -> System.arraycopy(array, from, out, 0, count);
      case BF16, F16 -> {
        short[] bits = (short[]) array;
        for (int i = 0; i < count; i++) {
          short half = bits[from + i];
          out[i] = this == BF16 ? Half.fromBFloat16(half) : Half.fromFloat16(half);
        }
      }
    }
  }

  /** Rounds {@code count} numbers to nearest, ties to even, and stores them in an array. */
  public void store(double[] in, Object array, int from, int count) {
    switch (this) {
      case F32 -> {
        float[] floats = (float[]) array;
        for (int i = 0; i < count; i++) {
          floats[from + i] = (float) in[i];
        }
      }
      case F64 -> System.arraycopy(in, 0, array, from, count);
      case BF16, F16 -> {
        short[] bits = (short[]) array;
        for (int i = 0; i < count; i++) {
          float value = (float) in[i];
          bits[from + i] = this == BF16 ? Half.toBFloat16(value) : Half.toFloat16(value);
        }
      }
    }
  }

  /**
   * Rounds a value, which for a 16-bit element is a float, to the nearest that this element holds.
   */
  public double round(double value) {
    return switch (this) {
      case F64 -> value;
      case F32 -> (float) value;
      case BF16 -> Half.fromBFloat16(Half.toBFloat16((float) value));
      case F16 -> Half.fromFloat16(Half.toFloat16((float) value));
    };
  }
}
