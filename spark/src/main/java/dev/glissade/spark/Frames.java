package dev.glissade.spark;

import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Arrays of numbers, cut into frames of at most 256 KiB: what is sent at a time. A frame holds
 * parts of several arrays if these are small. Frames don't decide in which order numbers are added:
 * each number is added alone.
 */
final class Frames {
  /** The most bytes of any frame. */
  static final int MOST_BYTES = 1 << 18;

  private static final int LEAST_BYTES = 1 << 13;

  /** What a connection could carry in the time that a frame costs, whatever its size. */
  private static final double BYTES_OF_A_START = 12_000;

  private final List<List<Span>> frames = new ArrayList<>();

  /** What {@link #add} reads into; made when it is first called. */
  private float[] floats = {};

  private double[] doubles = {};

  private final int[] sizes;
  private long bytes;

  /** A part of an array. */
  private record Span(Object array, int from, int count, int bytes) {}

  /**
   * Cuts arrays into frames of {@link #MOST_BYTES}.
   *
   * @param arrays of float, double or short
   */
  Frames(List<Object> arrays) {
    this(arrays, MOST_BYTES);
  }

  /**
   * Returns arrays cut into frames for a ring. The more ranks, the smaller the frames: before the
   * ring is full, each rank waits for a frame to pass all ranks before it. {@code bench --scale}
   * compares them with others.
   */
  static Frames forRing(List<Object> arrays, int ranks) {
    double bytes = arrays.stream().mapToDouble(a -> (double) unit(a) * Array.getLength(a)).sum();
    double best = Math.sqrt(bytes * BYTES_OF_A_START / Math.max(1, ranks - 1));
    double power = Math.scalb(1.0, (int) Math.rint(StrictMath.log(best) / StrictMath.log(2)));
    return new Frames(arrays, (int) Math.max(LEAST_BYTES, Math.min(MOST_BYTES, power)));
  }

  private Frames(List<Object> arrays, int most) {
    List<Span> frame = new ArrayList<>();
    int filled = 0;
    for (Object array : arrays) {
      int unit = unit(array);
      int length = Array.getLength(array);
      for (int from = 0; from < length; ) {
        if (most - filled < unit) {
          frames.add(frame);
          frame = new ArrayList<>();
          filled = 0;
        }
        int count = Math.min(length - from, (most - filled) / unit);
        frame.add(new Span(array, from, count, count * unit));
        filled += count * unit;
        bytes += (long) count * unit;
        from += count;
      }
    }
    if (!frame.isEmpty()) {
      frames.add(frame);
    }
    sizes = frames.stream().mapToInt(Frames::bytes).toArray();
  }

  private static int bytes(List<Span> frame) {
    return frame.stream().mapToInt(Span::bytes).sum();
  }

  private static int unit(Object array) {
    return array instanceof float[]
        ? Float.BYTES
        : array instanceof double[] ? Double.BYTES : Short.BYTES;
  }

  /** Returns the number of frames. */
  int count() {
    return frames.size();
  }

  /** Returns the bytes of all frames. */
  long bytes() {
    return bytes;
  }

  /** Returns the bytes of a frame. */
  int bytes(int frame) {
    return sizes[frame];
  }

  private int mostBytes() {
    return Arrays.stream(sizes).max().orElse(0);
  }

  /** Writes a frame's numbers into a little-endian buffer, which then stands behind them. */
  void write(int frame, ByteBuffer to) {
    for (Span span : frames.get(frame)) {
      if (span.array() instanceof float[] numbers) {
        to.asFloatBuffer().put(numbers, span.from(), span.count());
      } else if (span.array() instanceof double[] numbers) {
        to.asDoubleBuffer().put(numbers, span.from(), span.count());
      } else {
        to.asShortBuffer().put((short[]) span.array(), span.from(), span.count());
      }
      to.position(to.position() + span.bytes());
    }
  }

  /** Replaces a frame's numbers by those of a little-endian buffer. */
  void set(int frame, ByteBuffer from) {
    for (Span span : frames.get(frame)) {
      if (span.array() instanceof float[] numbers) {
        from.asFloatBuffer().get(numbers, span.from(), span.count());
      } else if (span.array() instanceof double[] numbers) {
        from.asDoubleBuffer().get(numbers, span.from(), span.count());
      } else {
        from.asShortBuffer().get((short[]) span.array(), span.from(), span.count());
      }
      from.position(from.position() + span.bytes());
    }
  }

  /** Adds the numbers of a little-endian buffer to a frame's: each becomes {@code theirs + own}. */
  void add(int frame, ByteBuffer from) {
    for (Span span : frames.get(frame)) {
      if (span.array() instanceof float[] numbers) {
        floats = floats.length < span.count() ? new float[mostBytes() / Float.BYTES] : floats;
        from.asFloatBuffer().get(floats, 0, span.count());
        for (int i = 0; i < span.count(); i++) {
          numbers[span.from() + i] = floats[i] + numbers[span.from() + i];
        }
      } else {
        double[] numbers = (double[]) span.array();
        doubles = doubles.length < span.count() ? new double[mostBytes() / Double.BYTES] : doubles;
        from.asDoubleBuffer().get(doubles, 0, span.count());
        for (int i = 0; i < span.count(); i++) {
          numbers[span.from() + i] = doubles[i] + numbers[span.from() + i];
        }
      }
      from.position(from.position() + span.bytes());
    }
  }

  /** Returns a little-endian buffer on bytes. */
  static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns the bytes of each frame. */
  byte[][] toBytes() {
    byte[][] all = new byte[count()][];
    for (int i = 0; i < all.length; i++) {
      all[i] = new byte[bytes(i)];
      write(i, buffer(all[i]));
    }
    return all;
  }

  /** Replaces all numbers by those of {@link #toBytes}. */
  void set(byte[][] all) {
    for (int i = 0; i < all.length; i++) {
      set(i, buffer(all[i]));
    }
  }

  /** Adds the numbers of {@link #toBytes}. */
  void add(byte[][] all) {
    for (int i = 0; i < all.length; i++) {
      add(i, buffer(all[i]));
    }
  }

  /** Returns a checksum of all numbers. */
  long checksum() {
    CRC32C checksum = new CRC32C();
    byte[] block = new byte[mostBytes()];
    for (int i = 0; i < count(); i++) {
      write(i, buffer(block));
      checksum.update(block, 0, bytes(i));
    }
    return checksum.getValue();
  }
}
