package dev.glissade.fuse.memory;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A flat sequence of numbers that share an element type: all of a float[], double[] or short[], or
 * of a FloatBuffer, DoubleBuffer or ShortBuffer.
 *
 * @param bytes the byte buffer that a buffer is a view of, if known
 * @param borrowed whether the caller may still change the array, so that a holder has to copy it
 */
public record Plane(Element element, Object array, @Nullable ByteBuffer bytes, boolean borrowed) {
  private static final int BLOCK = 4096;

  /** Zeros to copy from, so that clearing a plane allocates nothing. */
  private static final Map<Element, Object> ZEROS = new EnumMap<>(Element.class);

  static {
    for (Element element : Element.values()) {
      ZEROS.put(element, element.allocate(BLOCK));
    }
  }

  public Plane(Element element, Object array, boolean borrowed) {
    this(element, array, null, borrowed);
  }

  public Plane(Element element, Object array) {
    this(element, array, false);
  }

  public static Plane allocate(Element element, int length) {
    return new Plane(element, element.allocate(length));
  }

  /** Returns a plane that is a buffer over a part of an array. */
  public static Plane slice(Element element, Object array, int from, int length) {
    Buffer part =
        switch (element) {
          case F32 -> FloatBuffer.wrap((float[]) array, from, length).slice();
          case F64 -> DoubleBuffer.wrap((double[]) array, from, length).slice();
          case BF16, F16 -> ShortBuffer.wrap((short[]) array, from, length).slice();
        };
    return new Plane(element, part);
  }

  /** Returns a part of this plane that shares its memory. */
  public Plane part(int from, int length) {
    if (length == length()) {
      return this;
    }
    if (!(array instanceof Buffer buffer)) {
      return new Plane(element, slice(element, array, from, length).array, null, borrowed);
    }
    int size = element.bytes();
    ByteBuffer part =
        bytes == null ? null : bytes.slice(from * size, length * size).order(bytes.order());
    return new Plane(element, buffer.slice(from, length), part, borrowed);
  }

  /** Returns this plane marked as borrowed. */
  public Plane borrow() {
    return new Plane(element, array, bytes, true);
  }

  /** Returns the backing array, or the buffer if its backing array is inaccessible. */
  public Object owner() {
    return array instanceof Buffer buffer && buffer.hasArray() ? buffer.array() : array;
  }

  /** Returns the index of the first number in the {@link #owner}. */
  public int begin() {
    return array instanceof Buffer buffer && buffer.hasArray() ? buffer.arrayOffset() : 0;
  }

  public int length() {
    return Element.length(array);
  }

  public Plane copy() {
    Plane copy = allocate(element, length());
    copyTo(copy);
    return copy;
  }

  /** Copies the bits to another plane of the same element and length. */
  public void copyTo(Plane other) {
    element.copy(array, 0, other.array, 0, length());
  }

  /** Clears all numbers to zero. */
  public void zero() {
    Object zeros = Objects.requireNonNull(ZEROS.get(element));
    for (int from = 0; from < length(); from += Math.min(BLOCK, length() - from)) {
      element.copy(zeros, 0, array, from, Math.min(BLOCK, length() - from));
    }
  }

  /** Returns the number at an index, widened to double without loss. */
  public double get(int index) {
    if (array instanceof Buffer) {
      Object one = element.allocate(1);
      element.copy(array, index, one, 0, 1);
      return new Plane(element, one).get(0);
    }
    return switch (element) {
      case F32 -> ((float[]) array)[index];
      case F64 -> ((double[]) array)[index];
      case BF16 -> Half.fromBFloat16(((short[]) array)[index]);
      case F16 -> Half.fromFloat16(((short[]) array)[index]);
    };
  }

  /** Returns the first number, widened to double without loss; allocates nothing. */
  public double first() {
    if (array instanceof FloatBuffer floats) {
      return floats.get(0);
    } else if (array instanceof DoubleBuffer doubles) {
      return doubles.get(0);
    } else if (array instanceof ShortBuffer shorts) {
      short bits = shorts.get(0);
      return element == Element.BF16 ? Half.fromBFloat16(bits) : Half.fromFloat16(bits);
    }
    return get(0);
  }

  /** Stores numbers, rounded to nearest, ties to even. */
  public void store(double[] values) {
    element.store(values, array, 0, values.length);
  }

  /** Returns the array, or a copy of the buffer as an array. */
  public Object onHeap() {
    return array instanceof Buffer ? copy().array : array;
  }

  /** Returns all numbers, widened to double without loss. */
  public double[] toDoubles() {
    double[] out = new double[length()];
    element.load(onHeap(), 0, out, out.length);
    return out;
  }

  /** Returns the index of the first NaN or infinity, or -1. */
  public int firstNonFinite() {
    Object block = element.allocate(Math.min(BLOCK, length()));
    double[] wide = new double[Element.length(block)];
    for (int from = 0; from < length(); from += Math.min(BLOCK, length() - from)) {
      int count = Math.min(BLOCK, length() - from);
      element.copy(array, from, block, 0, count);
      element.load(block, 0, wide, count);
      for (int i = 0; i < count; i++) {
        if (!Double.isFinite(wide[i])) {
          return from + i;
        }
      }
    }
    return -1;
  }

  /** Returns a plane of these numbers, each rounded to the nearest that the element holds. */
  public static Plane of(Element element, double[] values) {
    Plane plane = allocate(element, values.length);
    element.store(values, plane.array, 0, values.length);
    return plane;
  }
}
