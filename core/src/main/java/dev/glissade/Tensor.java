package dev.glissade;

import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.memory.Half;
import dev.glissade.fuse.memory.Plane;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of one type in a row-major shape; a scalar has shape []. Immutable, except that {@code
 * wrap} shares the caller's array.
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

  /** A float32 vector with a copy of the numbers. */
  public static Tensor of(float[] data) {
    return of(data, data.length);
  }

  /** A float32 tensor with a copy of the numbers; the empty shape is a scalar's. */
  public static Tensor of(float[] data, int... shape) {
    return wrap(data.clone(), shape).owned();
  }

  /** A float64 vector with a copy of the numbers. */
  public static Tensor of(double[] data) {
    return of(data, data.length);
  }

  /** A float64 tensor with a copy of the numbers; the empty shape is a scalar's. */
  public static Tensor of(double[] data, int... shape) {
    return wrap(data.clone(), shape).owned();
  }

  /**
   * Returns a float32 matrix with a copy of the rows.
   *
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
   * Returns a float64 matrix with a copy of the rows.
   *
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

  /** A float32 vector on the caller's array; the caller must not change it while it is in use. */
  public static Tensor wrap(float[] data) {
    return wrap(data, data.length);
  }

  /** A float32 tensor on the caller's array; the caller must not change it while it is in use. */
  public static Tensor wrap(float[] data, int... shape) {
    return new Tensor(DType.FLOAT32, shape, new Plane(Element.F32, data, true), null);
  }

  /** A float64 vector on the caller's array; the caller must not change it while it is in use. */
  public static Tensor wrap(double[] data) {
    return wrap(data, data.length);
  }

  /** A float64 tensor on the caller's array; the caller must not change it while it is in use. */
  public static Tensor wrap(double[] data, int... shape) {
    return new Tensor(DType.FLOAT64, shape, new Plane(Element.F64, data, true), null);
  }

  /** A 16-bit tensor on the caller's array of bit patterns. */
  public static Tensor wrap(DType dtype, short[] bits, int... shape) {
    return new Tensor(dtype, shape, new Plane(sixteenBits(dtype), bits, true), null);
  }

  private static Element sixteenBits(DType dtype) {
    if (dtype != DType.BFLOAT16 && dtype != DType.FLOAT16) {
      throw new IllegalArgumentException("16 bits hold bfloat16 or float16: " + dtype);
    }
    return dtype.element();
  }

  /**
   * A float32 tensor on the caller's buffer, from its position to its limit, as of memory that a
   * native library owns. Nothing copies it whole: with the Vector API, direct memory in the
   * machine's byte order is stepped where it is, up to JDK 18 if it was given as a {@code
   * ByteBuffer}; a part of an array is, if all arrays of a loop's leaf begin at the same place of
   * theirs, see {@link Tree#packed}; else by blocks, copied to and fro.
   */
  public static Tensor wrap(FloatBuffer data, int... shape) {
    return new Tensor(DType.FLOAT32, shape, new Plane(Element.F32, data.slice(), true), null);
  }

  /** A float64 tensor on the caller's buffer, from its position to its limit. */
  public static Tensor wrap(DoubleBuffer data, int... shape) {
    return new Tensor(DType.FLOAT64, shape, new Plane(Element.F64, data.slice(), true), null);
  }

  /** A 16-bit tensor on the caller's buffer of bit patterns, from its position to its limit. */
  public static Tensor wrap(DType dtype, ShortBuffer bits, int... shape) {
    return new Tensor(dtype, shape, new Plane(sixteenBits(dtype), bits.slice(), true), null);
  }

  /**
   * A real tensor on the caller's bytes, from the position to the limit, in the buffer's byte
   * order.
   */
  public static Tensor wrap(DType dtype, ByteBuffer bytes, int... shape) {
    ByteBuffer own = bytes.slice().order(bytes.order());
    if (dtype.isComplex() || own.remaining() % dtype.element().bytes() != 0) {
      throw new IllegalArgumentException(
          "bytes hold a whole number of %s, which must be real, but was %d"
              .formatted(dtype, own.remaining()));
    }
    Object view =
        switch (dtype.element()) {
          case F32 -> own.asFloatBuffer();
          case F64 -> own.asDoubleBuffer();
          case BF16, F16 -> own.asShortBuffer();
        };
    return new Tensor(dtype, shape, new Plane(dtype.element(), view, own, true), null);
  }

  /** A bfloat16 tensor with a copy of the bit patterns. */
  public static Tensor ofBFloat16(short[] bits, int... shape) {
    return wrap(DType.BFLOAT16, bits.clone(), shape).owned();
  }

  /** A float16 tensor with a copy of the bit patterns. */
  public static Tensor ofFloat16(short[] bits, int... shape) {
    return wrap(DType.FLOAT16, bits.clone(), shape).owned();
  }

  /** A complex64 tensor with a copy of the real and the imaginary parts. */
  public static Tensor complex(float[] real, float[] imaginary, int... shape) {
    return complex(of(real, shape), of(imaginary, shape));
  }

  /** A complex128 tensor with a copy of the real and the imaginary parts. */
  public static Tensor complex(double[] real, double[] imaginary, int... shape) {
    return complex(of(real, shape), of(imaginary, shape));
  }

  /** A complex tensor on the numbers of two float32 or two float64 tensors of one shape. */
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

  /** A tensor of this type with the numbers rounded to nearest; the type must be real. */
  public static Tensor of(DType dtype, double[] data, int... shape) {
    if (dtype.isComplex()) {
      throw new IllegalArgumentException("complex tensors are made by Tensor.complex: " + dtype);
    }
    return new Tensor(dtype, shape, Plane.of(dtype.element(), data), null);
  }

  /** A float32 scalar. */
  public static Tensor scalar(float value) {
    return new Tensor(DType.FLOAT32, new int[0], Plane.of(Element.F32, new double[] {value}), null);
  }

  /** A float64 scalar. */
  public static Tensor scalar(double value) {
    return new Tensor(DType.FLOAT64, new int[0], Plane.of(Element.F64, new double[] {value}), null);
  }

  public DType dtype() {
    return dtype;
  }

  /** The lengths of the axes; a copy. */
  public int[] shape() {
    return shape.clone();
  }

  /** The number of elements; a complex one counts as one. */
  public int size() {
    return real.length();
  }

  /** The numbers rounded to float; of a complex tensor the real parts. */
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

  /** The numbers as doubles; of a complex tensor the real parts. */
  public double[] toDoubles() {
    return real.toDoubles();
  }

  /** The number at a row-major index; of a complex tensor its real part. */
  public double get(int index) {
    return real.get(index);
  }

  /**
   * The array or buffer itself, without a copy: float[], double[] or, of a 16-bit type, the bits; a
   * buffer where it was made of one, and for the small leaves of {@link Tree#packed}.
   */
  public Object array() {
    return real.array();
  }

  /** The real parts of a complex tensor; a real tensor itself. No copy. */
  public Tensor real() {
    return imaginary == null ? this : new Tensor(dtype.part(), shape, real, null);
  }

  /** The imaginary parts of a complex tensor; no copy. */
  public Tensor imaginary() {
    if (imaginary == null) {
      throw new IllegalStateException(dtype + " has no imaginary part");
    }
    return new Tensor(dtype.part(), shape, imaginary, null);
  }

  /** These numbers in another real type, rounded to nearest. */
  public Tensor to(DType other) {
    if (dtype.isComplex() || other.isComplex()) {
      throw new IllegalArgumentException("can't convert %s to %s".formatted(dtype, other));
    }
    return new Tensor(other, shape, Plane.of(other.element(), toDoubles()), null);
  }

  /**
   * Returns whether the other tensor has the same type, the same shape and, element by element, the
   * same bits; NaN is the same as NaN, 0 is not -0.
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

  /** The type, the shape and the first numbers, complex ones with both parts. */
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

  /** Rounds to the nearest bfloat16, ties to even, and gives its bits. */
  public static short toBFloat16(float value) {
    return Half.toBFloat16(value);
  }

  /** Rounds to the nearest float16, ties to even, and gives its bits. */
  public static short toFloat16(float value) {
    return Half.toFloat16(value);
  }
}
