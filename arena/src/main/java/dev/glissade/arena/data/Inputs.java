package dev.glissade.arena.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.io.input.BoundedInputStream;

/** Opens files, compressed or not, and says what went wrong in a sentence. */
final class Inputs {
  private static final int BUFFER = 1 << 16;

  /** What any file may unpack to, and how many times its size a larger one. */
  private static final long ALWAYS_UNPACKED = 4 << 20;

  private static final int MOST_UNPACKED = 100;

  private Inputs() {}

  /** The last element of the path. */
  static String name(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    Path last = absolute.getFileName();
    return last == null ? absolute.toString() : last.toString();
  }

  /** The file's bytes, decompressed when the file begins as gzip does (1f 8b). */
  static InputStream open(Path path) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(path), BUFFER);
    try {
      return beginsAsGzip(in)
          ? bounded(name(path), mostUnpacked(Files.size(path)), new GZIPInputStream(in, BUFFER))
          : in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** Refuses a gzip file that unpacks too far, before the slower reading of its content begins. */
  static void checkUnpacked(Path path) throws IOException {
    if (isGzip(path)) {
      try (InputStream in = open(path)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
    }
  }

  /** How many bytes a gzip file of this size may unpack to. */
  static long mostUnpacked(long size) {
    return Math.max(ALWAYS_UNPACKED, MOST_UNPACKED * size);
  }

  private static InputStream bounded(String name, long most, InputStream in) throws IOException {
    return BoundedInputStream.builder()
        .setInputStream(in)
        .setMaxCount(most)
        .setOnMaxCount((max, count) -> {
          throw unpacksTooFar(name);
        })
        .get();
  }

  static DataException unpacksTooFar(String name) {
    return new DataException(
        "%s unpacks to more than %d MiB and %d times its size: decompress it first, if it is to be"
                .formatted(name, ALWAYS_UNPACKED >> 20, MOST_UNPACKED)
            + " trusted");
  }

  static boolean isGzip(Path path) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path), 2)) {
      return beginsAsGzip(in);
    }
  }

  private static boolean beginsAsGzip(InputStream in) throws IOException {
    in.mark(2);
    boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
    in.reset();
    return gzip;
  }

  /**
   * Refuses data that would not fit: the numbers are held as they were read and, scaled, once more.
   *
   * @param bytes the peak need of one number
   */
  static void checkMemory(String name, long numbers, int bytes) {
    long limit = Math.min(Integer.MAX_VALUE - 16, Runtime.getRuntime().maxMemory() / bytes);
    if (numbers > limit) {
      throw new DataException(
          "%s: at most %d numbers fit into the memory of this program (java -Xmx): %d"
              .formatted(name, limit, numbers));
    }
  }

  static DataException refuse(String name, IOException e) {
    if (e instanceof EOFException) {
      return new DataException(name + " is cut off: its gzip data ends too early", e);
    }
    if (e instanceof ZipException) {
      return new DataException(name + " is damaged: its gzip data is refused: " + reason(e), e);
    }
    if (e instanceof CharacterCodingException) {
      return new DataException(name + " is not a CSV table: text in UTF-8 is needed", e);
    }
    if (e instanceof AccessDeniedException) {
      return new DataException(name + " may not be read by this user", e);
    }
    return new DataException(name + " cannot be read: " + reason(e), e);
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
