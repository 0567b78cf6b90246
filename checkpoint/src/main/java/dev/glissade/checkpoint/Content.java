package dev.glissade.checkpoint;

import dev.glissade.DType;
import dev.glissade.Tensor;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The numbers of a stored tensor, where they are in memory.
 *
 * @param type the type in the file
 * @param shape the shape in the file
 * @param planes one array or buffer, or two for complex numbers: the real and imaginary parts,
 *     which alternate in the file
 */
record Content(StoredType type, List<Long> shape, List<Object> planes) {

  /** Returns the content on an array of the given shape. */
  static Content of(StoredType type, List<Long> shape, Object array) {
    return new Content(type, shape, List.of(array));
  }

  static Content of(Tensor tensor) {
    List<Long> shape = new ArrayList<>();
    for (int length : tensor.shape()) {
      shape.add((long) length);
    }
    StoredType type = StoredType.of(tensor.dtype());
    if (!tensor.dtype().isComplex()) {
      return of(type, shape, tensor.array());
    }
    if (tensor.dtype() == DType.COMPLEX128) {
      shape.add(2L);
    }
    return new Content(type, shape, List.of(tensor.real().array(), tensor.imaginary().array()));
  }

  private static Buffer buffer(Object array) {
    if (array instanceof float[] floats) {
      return FloatBuffer.wrap(floats);
    }
    if (array instanceof double[] doubles) {
      return DoubleBuffer.wrap(doubles);
    }
    if (array instanceof short[] shorts) {
      return ShortBuffer.wrap(shorts);
    }
    if (array instanceof int[] ints) {
      return IntBuffer.wrap(ints);
    }
    if (array instanceof long[] longs) {
      return LongBuffer.wrap(longs);
    }
    return array instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : (Buffer) array;
  }

  /** Allocates arrays for a tensor whose size was checked; complex128 if it is F64 and complex. */
  static Content allocate(StoredType type, List<Long> shape, boolean complex) {
    int size = 1;
    for (long length : shape) {
      size = Math.toIntExact(size * length);
    }
    int length = complex && type == StoredType.F64 ? size / 2 : size;
    List<Object> planes = new ArrayList<>();
    for (int i = 0; i < (complex ? 2 : 1); i++) {
      planes.add(
          switch (type) {
            case F32, C64 -> new float[length];
            case F64 -> new double[length];
            case F16, BF16, I16, U16 -> new short[length];
            case I32, U32 -> new int[length];
            case I64, U64 -> new long[length];
            default -> new byte[length];
          });
    }
    return new Content(type, shape, planes);
  }

  boolean isComplex() {
    return planes.size() == 2;
  }

  boolean isComplex128() {
    return isComplex() && type == StoredType.F64;
  }

  /** Returns how many numbers there are; a complex one counts as one. */
  int length() {
    return buffer(planes.get(0)).capacity();
  }

  /** Returns the bytes of one number. */
  int unit() {
    return isComplex() && type == StoredType.F64 ? 2 * Double.BYTES : type.bits() / Byte.SIZE;
  }

  long bytes() {
    return (long) unit() * length();
  }

  /** Writes some of the numbers at the buffer's position and advances it. */
  void write(int from, int count, ByteBuffer out) {
    Buffer real = buffer(planes.get(0));
    Buffer file = view(out.slice().order(out.order()), real);
    if (isComplex()) {
      Buffer imaginary = buffer(planes.get(1));
      for (int i = 0; i < count; i++) {
        move(real, from + i, file, 2 * i, 1);
        move(imaginary, from + i, file, 2 * i + 1, 1);
      }
    } else {
      move(real, from, file, 0, count);
    }
    out.position(out.position() + count * unit());
  }

  /** Reads some of the numbers from the buffer's position and advances it. */
  void read(int from, int count, ByteBuffer in) {
    Buffer real = buffer(planes.get(0));
    Buffer file = view(in.slice().order(in.order()), real);
    if (isComplex()) {
      Buffer imaginary = buffer(planes.get(1));
      for (int i = 0; i < count; i++) {
        move(file, 2 * i, real, from + i, 1);
        move(file, 2 * i + 1, imaginary, from + i, 1);
      }
    } else {
      move(file, 0, real, from, count);
    }
    in.position(in.position() + count * unit());
  }

  private static Buffer view(ByteBuffer bytes, Buffer like) {
    if (like instanceof FloatBuffer) {
      return bytes.asFloatBuffer();
    }
    if (like instanceof DoubleBuffer) {
      return bytes.asDoubleBuffer();
    }
    if (like instanceof ShortBuffer) {
      return bytes.asShortBuffer();
    }
    if (like instanceof IntBuffer) {
      return bytes.asIntBuffer();
    }
    return like instanceof LongBuffer ? bytes.asLongBuffer() : bytes;
  }

  private static void move(Buffer from, int at, Buffer to, int into, int count) {
    if (from instanceof FloatBuffer a && to instanceof FloatBuffer b) {
      b.put(into, a, at, count);
    } else if (from instanceof DoubleBuffer a && to instanceof DoubleBuffer b) {
      b.put(into, a, at, count);
    } else if (from instanceof ShortBuffer a && to instanceof ShortBuffer b) {
      b.put(into, a, at, count);
    } else if (from instanceof IntBuffer a && to instanceof IntBuffer b) {
      b.put(into, a, at, count);
    } else if (from instanceof LongBuffer a && to instanceof LongBuffer b) {
      b.put(into, a, at, count);
    } else {
      ((ByteBuffer) to).put(into, (ByteBuffer) from, at, count);
    }
  }

  /** Returns the tensor on these numbers, whose type must be one of the library's. */
  Tensor tensor() {
    int[] lengths = shape.stream().mapToInt(Math::toIntExact).toArray();
    if (isComplex128()) {
      lengths = Arrays.copyOf(lengths, lengths.length - 1);
    }
    return isComplex() ? Tensor.complex(part(0, lengths), part(1, lengths)) : part(0, lengths);
  }

  private Tensor part(int plane, int[] lengths) {
    Object array = planes.get(plane);
    if (array instanceof float[] floats) {
      return Tensor.wrap(floats, lengths);
    }
    if (array instanceof double[] doubles) {
      return Tensor.wrap(doubles, lengths);
    }
    DType dtype = type == StoredType.BF16 ? DType.BFLOAT16 : DType.FLOAT16;
    if (array instanceof short[] bits) {
      return Tensor.wrap(dtype, bits, lengths);
    }
    if (array instanceof FloatBuffer floats) {
      return Tensor.wrap(floats, lengths);
    }
    return array instanceof DoubleBuffer doubles
        ? Tensor.wrap(doubles, lengths)
        : Tensor.wrap(dtype, (ShortBuffer) array, lengths);
  }
}
