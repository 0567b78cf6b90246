package dev.glissade;

import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.memory.Half;
import dev.glissade.fuse.memory.Plane;
import dev.glissade.records.Check;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of one type in row-major order; a scalar has shape []. Immutable, except that a tensor of
 * {@code wrap} shares the caller's array or buffer, which the caller must not change while the
 * tensor is in use.
 *
 * <p>A method that takes numbers and a shape throws an {@link IllegalArgumentException} if their
 * number is not the product of the shape's lengths, or the product exceeds 2^31 - 1.
 */
public final class Tensor {
  private final DType dtype;
  private final int[] shape;
  private final Plane real;
  private final @Nullable Plane imaginary;

  Tensor(DType dtype, int[] shape, Plane real, @Nullable Plane imaginary) {
    this.dtype = dtype;
    this.shape = shape.clone();
    this.real = real;
    this.imaginary = imaginary;
    int size = Structure.size(shape);
    requireLength(real, size);
    if (imaginary != null) {
      requireLength(imaginary, size);
    }
  }

  private void requireLength(Plane plane, int size) {
    if (plane.length() != size) {
      throw new IllegalArgumentException(
          "a tensor of shape %s must have %d numbers, but had %d"
              .formatted(Arrays.toString(shape), size, plane.length()));
    }
  }

  /**
   * {@return a float32 vector with a copy of the numbers}
   *
   * @param data the numbers
   */
  public static Tensor of(float[] data) {
    return of(data, data.length);
  }

  /**
   * {@return a float32 tensor with a copy of the numbers}
   *
   * @param data the numbers in row-major order
   * @param shape the lengths of the axes; none for a scalar
   */
  public static Tensor of(float[] data, int... shape) {
    return wrap(data.clone(), shape).owned();
  }

  /**
   * {@return a float64 vector with a copy of the numbers}
   *
   * @param data the numbers
   */
  public static Tensor of(double[] data) {
    return of(data, data.length);
  }

  /**
   * {@return a float64 tensor with a copy of the numbers}
   *
   * @param data the numbers in row-major order
   * @param shape the lengths of the axes; none for a scalar
   */
  public static Tensor of(double[] data, int... shape) {
    return wrap(data.clone(), shape).owned();
  }

  /**
   * {@return a float32 matrix with a copy of the rows}
   *
   * @param rows the rows, all of one length
   * @throws IllegalArgumentException if the rows differ in length
   */
  public static Tensor of(float[][] rows) {
    int columns = rows.length == 0 ? 0 : rows[0].length;
    float[] data = new float[Structure.size(new int[] {rows.length, columns})];
    for (int i = 0; i < rows.length; i++) {
      requireColumns(i, rows[i].length, columns);
      System.arraycopy(rows[i], 0, data, i * columns, columns);
    }
    return wrap(data, rows.length, columns).owned();
  }

  /**
   * {@return a float64 matrix with a copy of the rows}
   *
   * @param rows the rows, all of one length
   * @throws IllegalArgumentException if the rows differ in length
   */
  public static Tensor of(double[][] rows) {
    int columns = rows.length == 0 ? 0 : rows[0].length;
    double[] data = new double[Structure.size(new int[] {rows.length, columns})];
    for (int i = 0; i < rows.length; i++) {
      requireColumns(i, rows[i].length, columns);
      System.arraycopy(rows[i], 0, data, i * columns, columns);
    }
    return wrap(data, rows.length, columns).owned();
  }

  private static void requireColumns(int row, int length, int columns) {
    if (length != columns) {
      throw new IllegalArgumentException(
          "rows[%d] must have %d elements, as rows[0] has, but had %d"
              .formatted(row, columns, length));
    }
  }

  /**
   * {@return a float32 vector on the caller's array}
   *
   * @param data the numbers, not copied
   */
  public static Tensor wrap(float[] data) {
    return wrap(data, data.length);
  }

  /**
   * {@return a float32 tensor on the caller's array}
   *
   * @param data the numbers in row-major order, not copied
   * @param shape the lengths of the axes; none for a scalar
   */
  public static Tensor wrap(float[] data, int... shape) {
    return new Tensor(DType.FLOAT32, shape, new Plane(Element.F32, data, true), null);
  }

  /**
   * {@return a float64 vector on the caller's array}
   *
   * @param data the numbers, not copied
   */
  public static Tensor wrap(double[] data) {
    return wrap(data, data.length);
  }

  /**
   * {@return a float64 tensor on the caller's array}
   *
   * @param data the numbers in row-major order, not copied
   * @param shape the lengths of the axes; none for a scalar
   */
  public static Tensor wrap(double[] data, int... shape) {
    return new Tensor(DType.FLOAT64, shape, new Plane(Element.F64, data, true), null);
  }

  /**
   * {@return a 16-bit tensor on the caller's array of bit patterns}
   *
   * @param dtype bfloat16 or float16
   * @param bits the bit patterns in row-major order, not copied
   * @param shape the lengths of the axes; none for a scalar
   * @throws IllegalArgumentException if the type is neither bfloat16 nor float16
   */
  public static Tensor wrap(DType dtype, short[] bits, int... shape) {
    return new Tensor(dtype, shape, new Plane(sixteenBits(dtype), bits, true), null);
  }

  private static Element sixteenBits(DType dtype) {
    Check.that(
        dtype == DType.BFLOAT16 || dtype == DType.FLOAT16,
        "the type of 16-bit numbers must be bfloat16 or float16",
        dtype);
    return dtype.element();
  }

  /**
   * Returns a float32 tensor on the caller's buffer, from its position to its limit, such as memory
   * that a native library owns.
   *
   * <p>A step never copies a buffer as a whole. With the Vector API it works directly on direct
   * memory in the machine's byte order (up to JDK 18 only if the memory was given as a {@code
   * ByteBuffer}), and on slices of arrays if all arrays that a loop uses for a leaf begin at the
   * same offset ({@link Tree#packed}). Other buffers are copied block by block.
   *
   * @param data the numbers in row-major order
   * @param shape the lengths of the axes; none for a scalar
   * @return the tensor on the buffer's memory
   */
  public static Tensor wrap(FloatBuffer data, int... shape) {
    return new Tensor(DType.FLOAT32, shape, new Plane(Element.F32, data.slice(), true), null);
  }

  /**
   * {@return a float64 tensor on the caller's buffer, from its position to its limit}
   *
   * @param data the numbers in row-major order, not copied
   * @param shape the lengths of the axes; none for a scalar
   */
  public static Tensor wrap(DoubleBuffer data, int... shape) {
    return new Tensor(DType.FLOAT64, shape, new Plane(Element.F64, data.slice(), true), null);
  }

  /**
   * {@return a 16-bit tensor on the caller's buffer of bit patterns, from its position to its
   * limit}
   *
   * @param dtype bfloat16 or float16
   * @param bits the bit patterns in row-major order, not copied
   * @param shape the lengths of the axes; none for a scalar
   * @throws IllegalArgumentException if the type is neither bfloat16 nor float16
   */
  public static Tensor wrap(DType dtype, ShortBuffer bits, int... shape) {
    return new Tensor(dtype, shape, new Plane(sixteenBits(dtype), bits.slice(), true), null);
  }

  /**
   * {@return a real tensor on the caller's bytes, from the position to the limit}
   *
   * @param dtype a real type
   * @param bytes the numbers in row-major order, in the buffer's byte order, not copied
   * @param shape the lengths of the axes; none for a scalar
   * @throws IllegalArgumentException if the type is complex, or the bytes are not a whole number of
   *     elements
   */
  public static Tensor wrap(DType dtype, ByteBuffer bytes, int... shape) {
    ByteBuffer own = bytes.slice().order(bytes.order());
    Check.that(!dtype.isComplex(), "the type of a tensor on bytes must be real", dtype);
    int each = dtype.element().bytes();
    if (own.remaining() % each != 0) { // without text for each tensor
      Check.that(
          false,
          "the number of bytes must be a multiple of %d for %s".formatted(each, dtype),
          own.remaining());
    }
    Object view =
        switch (dtype.element()) {
          case F32 -> own.asFloatBuffer();
          case F64 -> own.asDoubleBuffer();
          case BF16, F16 -> own.asShortBuffer();
        };
    return new Tensor(dtype, shape, new Plane(dtype.element(), view, own, true), null);
  }

  /**
   * {@return a bfloat16 tensor with a copy of the bit patterns}
   *
   * @param bits the bit patterns in row-major order
   * @param shape the lengths of the axes; none for a scalar
   */
  public static Tensor ofBFloat16(short[] bits, int... shape) {
    return wrap(DType.BFLOAT16, bits.clone(), shape).owned();
  }

  /**
   * {@return a float16 tensor with a copy of the bit patterns}
   *
   * @param bits the bit patterns in row-major order
   * @param shape the lengths of the axes; none for a scalar
   */
  public static Tensor ofFloat16(short[] bits, int... shape) {
    return wrap(DType.FLOAT16, bits.clone(), shape).owned();
  }

  /**
   * {@return a complex64 tensor with a copy of the numbers}
   *
   * @param real the real parts in row-major order
   * @param imaginary the imaginary parts in row-major order
   * @param shape the lengths of the axes; none for a scalar
   */
  public static Tensor complex(float[] real, float[] imaginary, int... shape) {
    return complex(of(real, shape), of(imaginary, shape));
  }

  /**
   * {@return a complex128 tensor with a copy of the numbers}
   *
   * @param real the real parts in row-major order
   * @param imaginary the imaginary parts in row-major order
   * @param shape the lengths of the axes; none for a scalar
   */
  public static Tensor complex(double[] real, double[] imaginary, int... shape) {
    return complex(of(real, shape), of(imaginary, shape));
  }

  /**
   * {@return a complex tensor that shares the numbers of two tensors}
   *
   * @param real the real parts, float32 or float64
   * @param imaginary the imaginary parts, of the same type and shape
   * @throws IllegalArgumentException if the types or shapes differ, or the type is neither float32
   *     nor float64
   */
  public static Tensor complex(Tensor real, Tensor imaginary) {
    if (real.dtype != imaginary.dtype || real.dtype != real.dtype.complex().part()) {
      throw new IllegalArgumentException(
          "the parts of a complex tensor must both be float32 or float64, but were %s and %s"
              .formatted(real.dtype, imaginary.dtype));
    }
    if (!Arrays.equals(real.shape, imaginary.shape)) {
      throw new IllegalArgumentException(
          "the parts of a complex tensor must have one shape, but had %s and %s"
              .formatted(Arrays.toString(real.shape), Arrays.toString(imaginary.shape)));
    }
    return new Tensor(real.dtype.complex(), real.shape, real.real, imaginary.real);
  }

  /**
   * {@return a tensor of a real type with the numbers rounded to nearest}
   *
   * @param dtype a real type
   * @param data the numbers in row-major order
   * @param shape the lengths of the axes; none for a scalar
   * @throws IllegalArgumentException if the type is complex
   */
  public static Tensor of(DType dtype, double[] data, int... shape) {
    if (dtype.isComplex()) {
      throw new IllegalArgumentException(
          "the type must be real, but was " + dtype + ": use Tensor.complex");
    }
    return new Tensor(dtype, shape, Plane.of(dtype.element(), data), null);
  }

  /**
   * {@return a float32 scalar}
   *
   * @param value the number
   */
  public static Tensor scalar(float value) {
    return new Tensor(DType.FLOAT32, new int[0], Plane.of(Element.F32, new double[] {value}), null);
  }

  /**
   * {@return a float64 scalar}
   *
   * @param value the number
   */
  public static Tensor scalar(double value) {
    return new Tensor(DType.FLOAT64, new int[0], Plane.of(Element.F64, new double[] {value}), null);
  }

  /** {@return the type of the numbers} */
  public DType dtype() {
    return dtype;
  }

  /** {@return a copy of the lengths of the axes; empty for a scalar} */
  public int[] shape() {
    return shape.clone();
  }

  /** {@return the number of elements} A complex element counts as one. */
  public int size() {
    return real.length();
  }

  /** {@return a copy of the numbers, rounded to float; of a complex tensor, the real parts} */
  public float[] toFloats() {
    if (real.array() instanceof float[] floats) {
      return floats.clone();
    }
    double[] wide = real.toDoubles();
    float[] out = new float[wide.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) wide[i];
    }
    return out;
  }

  /** {@return a copy of the numbers as doubles; of a complex tensor, the real parts} */
  public double[] toDoubles() {
    return real.toDoubles();
  }

  /**
   * {@return the number at an index; of a complex tensor, the real part}
   *
   * @param index the row-major index, from 0
   */
  public double get(int index) {
    return real.get(index);
  }

  /**
   * Returns the array or buffer of the numbers, without a copy; of a complex tensor, that of the
   * real parts.
   *
   * @return a {@code float[]}, a {@code double[]}, or, for a 16-bit type, the {@code short[]} of
   *     bit patterns; a buffer if the tensor was made from one or is a small leaf of {@link
   *     Tree#packed}
   */
  public Object array() {
    return real.array();
  }

  /** {@return the real parts of a complex tensor, without a copy; a real tensor itself} */
  public Tensor real() {
    return imaginary == null ? this : new Tensor(dtype.part(), shape, real, null);
  }

  /**
   * {@return the imaginary parts of a complex tensor, without a copy}
   *
   * @throws IllegalStateException if this tensor is real
   */
  public Tensor imaginary() {
    if (imaginary == null) {
      throw new IllegalStateException(
          "a tensor with an imaginary part must be complex, but was " + dtype);
    }
    return new Tensor(dtype.part(), shape, imaginary, null);
  }

  /**
   * {@return these numbers in another real type, rounded to nearest}
   *
   * @param other a real type
   * @throws IllegalArgumentException if this type or the other is complex
   */
  public Tensor to(DType other) {
    if (dtype.isComplex() || other.isComplex()) {
      throw new IllegalArgumentException(
          "both types of a conversion must be real, but were %s and %s".formatted(dtype, other));
    }
    return new Tensor(other, shape, Plane.of(other.element(), toDoubles()), null);
  }

  /**
   * Returns whether the other tensor has the same type, the same shape and, element by element, the
   * same bits. All NaNs count as equal; 0 and -0 differ.
   *
   * @param other the tensor to compare with
   * @return true if nothing differs
   */
  public boolean sameBits(Tensor other) {
    if (dtype != other.dtype || !Arrays.equals(shape, other.shape)) {
      return false;
    }
    for (int p = 0; p < planes().length; p++) {
      if (!Arrays.equals(planes()[p].toDoubles(), other.planes()[p].toDoubles())) {
        return false;
      }
    }
    return true;
  }

  Plane[] planes() {
    return imaginary == null ? new Plane[] {real} : new Plane[] {real, imaginary};
  }

  private Tensor owned() {
    return new Tensor(dtype, shape, new Plane(real.element(), real.array()), null);
  }

  /** {@return the type, the shape and the first eight numbers, with both parts of complex ones} */
  @Override
  public String toString() {
    List<String> first = new ArrayList<>();
    for (int i = 0; i < Math.min(size(), 8); i++) {
      first.add(text(i));
    }
    String more = size() > first.size() ? " ..." : "";
    return dtype + Arrays.toString(shape) + " " + first + more;
  }

  private String text(int i) {
    if (imaginary == null) {
      double number = get(i);
      return dtype == DType.FLOAT64 ? Double.toString(number) : Float.toString((float) number);
    }
    double part = imaginary().get(i);
    String sign = Double.compare(part, 0) < 0 ? "" : "+"; // a minus is part of the number
    return get(i) + sign + part + "i";
  }

  /**
   * {@return the bits of the nearest bfloat16, ties to even}
   *
   * @param value the number to round
   */
  public static short toBFloat16(float value) {
    return Half.toBFloat16(value);
  }

  /**
   * {@return the bits of the nearest float16, ties to even}
   *
   * @param value the number to round
   */
  public static short toFloat16(float value) {
    return Half.toFloat16(value);
  }
}
