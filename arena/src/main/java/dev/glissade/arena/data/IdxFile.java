package dev.glissade.arena.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * An IDX file of unsigned bytes: two zero bytes, the type, the number of dimensions, each dimension
 * in four bytes (big-endian), the data.
 */
record IdxFile(String name, int[] dimensions, byte[] data) {
  private static final int UNSIGNED_BYTE = 0x08;
  private static final int BYTES_PER_NUMBER = 1;
  private static final long MOST_BYTES = Integer.MAX_VALUE - 16;

  /** The most bytes that deflate makes of one. */
  private static final long MAX_RATIO = 1032;

  /** Returns the length of the first dimension, the number of items. */
  int count() {
    return dimensions[0];
  }

  /** Reads a file of this number of dimensions; never allocates more than the file holds. */
  static IdxFile read(Path path, int rank) {
    String name = Inputs.name(path);
    try (InputStream in = Inputs.open(path)) {
      checkStart(name, in.readNBytes(4), rank);
      long[] dimensions = dimensions(name, in.readNBytes(4 * rank), rank);
      long size = Files.size(path);
      long bound = Inputs.isGzip(path) ? size * MAX_RATIO : size - 4 - 4L * rank;
      long promised = product(dimensions);
      if (promised > bound) {
        throw cutOff(
            name,
            dimensions,
            promised,
            "but the file of %d bytes can hold at most %d".formatted(size, bound));
      }
      Inputs.checkMemory(name, promised, BYTES_PER_NUMBER);
      if (promised > MOST_BYTES) {
        throw new DataException(
            "%s must hold at most %d bytes, but its header promises %d"
                .formatted(name, MOST_BYTES, promised));
      }
      byte[] data = in.readNBytes((int) promised);
      if (data.length < promised) {
        throw cutOff(name, dimensions, promised, "but only " + data.length + " follow");
      }
      if (in.read() >= 0) {
        throw new DataException(
            "%s is too long: its header promises %s = %d bytes, but more follow"
                .formatted(name, shape(dimensions), promised));
      }
      return new IdxFile(name, Arrays.stream(dimensions).mapToInt(d -> (int) d).toArray(), data);
    } catch (IOException e) {
      throw Inputs.refuse(name, e);
    }
  }

  private static DataException cutOff(String name, long[] dimensions, long promised, String held) {
    return new DataException(
        "%s is cut off: its header promises %s = %d bytes, %s"
            .formatted(name, shape(dimensions), promised, held));
  }

  private static void checkStart(String name, byte[] start, int rank) {
    if (start.length < 4) {
      throw new DataException(
          "%s is cut off: an IDX header must have at least 4 bytes, but had %d"
              .formatted(name, start.length));
    }
    if (start[0] != 0 || start[1] != 0) {
      throw new DataException(
          "%s is not an IDX file: the first two bytes must be 0x00 0x00, but were 0x%02x 0x%02x"
              .formatted(name, start[0], start[1]));
    }
    if (start[2] != UNSIGNED_BYTE) {
      throw new DataException(
          "%s: the type must be 0x08 (unsigned byte), but was 0x%02x".formatted(name, start[2]));
    }
    if (start[3] != rank) {
      throw new DataException(
          "%s: the number of dimensions must be %d, but was %d"
              .formatted(name, rank, start[3] & 0xff));
    }
  }

  private static long[] dimensions(String name, byte[] bytes, int rank) {
    if (bytes.length < 4 * rank) {
      throw new DataException(
          "%s is cut off: its header must have %d bytes, but had %d"
              .formatted(name, 4 + 4 * rank, 4 + bytes.length));
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long[] dimensions = new long[rank];
    for (int i = 0; i < rank; i++) {
      dimensions[i] = Integer.toUnsignedLong(buffer.getInt());
      if (dimensions[i] == 0) {
        throw new DataException(
            "%s: dimension %d must be at least 1, but was 0".formatted(name, i + 1));
      }
    }
    return dimensions;
  }

  /** Returns the product, or the largest long if it overflows. */
  private static long product(long[] dimensions) {
    long product = 1;
    for (long d : dimensions) {
      product = product > Long.MAX_VALUE / d ? Long.MAX_VALUE : product * d;
    }
    return product;
  }

  private static String shape(long[] dimensions) {
    return Arrays.stream(dimensions).mapToObj(Long::toString).collect(Collectors.joining(" x "));
  }
}
