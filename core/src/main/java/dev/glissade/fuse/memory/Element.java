package dev.glissade.fuse.memory;

import java.lang.reflect.Array;
import java.nio.Buffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/**
 * How one number of a plane is stored; 16-bit elements are stored as bits and computed in float.
 */
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

  /** The type that arithmetic on this element is done in: F64 for F64, else F32. */
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

  /** How many numbers an array or a buffer holds. */
  public static int length(Object storage) {
    return storage instanceof Buffer buffer ? buffer.capacity() : Array.getLength(storage);
  }

  /** Copies bits; each side is an array or a buffer of this element. */
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

  /** Copies {@code count} numbers out of a stored array, widened to double without loss. */
  public void load(Object array, int from, double[] out, int count) {
    switch (this) {
      case F32 -> {
        float[] floats = (float[]) array;
        for (int i = 0; i < count; i++) {
          out[i] = floats[from + i];
        }
      }
      case F64 -> System.arraycopy(array, from, out, 0, count);
      case BF16 -> {
        short[] bits = (short[]) array;
        for (int i = 0; i < count; i++) {
          out[i] = Half.fromBFloat16(bits[from + i]);
        }
      }
      case F16 -> {
        short[] bits = (short[]) array;
        for (int i = 0; i < count; i++) {
          out[i] = Half.fromFloat16(bits[from + i]);
        }
      }
    }
  }

  /** Stores {@code count} numbers, rounded to nearest, ties to even. */
  public void store(double[] in, Object array, int from, int count) {
    switch (this) {
      case F32 -> {
        float[] floats = (float[]) array;
        for (int i = 0; i < count; i++) {
          floats[from + i] = (float) in[i];
        }
      }
      case F64 -> System.arraycopy(in, 0, array, from, count);
      case BF16 -> {
        short[] bits = (short[]) array;
        for (int i = 0; i < count; i++) {
          bits[from + i] = Half.toBFloat16((float) in[i]);
        }
      }
      case F16 -> {
        short[] bits = (short[]) array;
        for (int i = 0; i < count; i++) {
          bits[from + i] = Half.toFloat16((float) in[i]);
        }
      }
    }
  }

  /** The nearest number that this element can hold, of a value that float can hold. */
  public double round(double value) {
    return switch (this) {
      case F64 -> value;
      case F32 -> (float) value;
      case BF16 -> Half.fromBFloat16(Half.toBFloat16((float) value));
      case F16 -> Half.fromFloat16(Half.toFloat16((float) value));
    };
  }
}
