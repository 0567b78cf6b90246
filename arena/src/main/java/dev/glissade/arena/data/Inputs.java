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

/** Opens files, plain or gzipped, and turns I/O errors into messages. */
final class Inputs {
  private static final int BUFFER = 1 << 16;

  /** The bytes that any file may unpack to; a larger file may unpack to 100 times its size. */
  private static final long ALWAYS_UNPACKED = 4 << 20;

  private static final int MOST_UNPACKED = 100;

  private Inputs() {}

  /** Returns the last element of the path. */
  static String name(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    Path last = absolute.getFileName();
    return last == null ? absolute.toString() : last.toString();
  }

  /** Opens the file; decompresses it if it begins as gzip does (1f 8b). */
  static InputStream open(Path path) throws IOException {
    return open(path, Files.newInputStream(path));
  }

  /** Does the same with an open stream of the file. */
  static InputStream open(Path path, InputStream file) throws IOException {
    InputStream in = new BufferedInputStream(file, BUFFER);
    try {
      return beginsAsGzip(in)
          ? bounded(name(path), mostUnpacked(Files.size(path)), new GZIPInputStream(in, BUFFER))
          : in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** Refuses a gzip file that unpacks too far, before the slower parsing begins. */
  static void checkUnpacked(Path path) throws IOException {
    if (isGzip(path)) {
      try (InputStream in = open(path)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
    }
  }

  /** Returns how many bytes a gzip file of this size may unpack to. */
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
        "%s must unpack to at most %d MiB or %d times its size, but unpacks to more: if you trust it,"
                .formatted(name, ALWAYS_UNPACKED >> 20, MOST_UNPACKED)
            + " decompress it first");
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
   * Refuses data that would not fit into memory.
   *
   * @param bytes the memory of one number
   */
  static void checkMemory(String name, long numbers, int bytes) {
    long limit = Runtime.getRuntime().maxMemory() / bytes;
    if (numbers > limit) {
      throw new DataException(
          "%s must have at most %d numbers to fit into memory, but had %d: raise java -Xmx"
              .formatted(name, limit, numbers));
    }
  }

  static DataException refuse(String name, IOException e) {
    if (e instanceof EOFException) {
      return new DataException(name + " is cut off: its gzip data ends too early", e);
    }
    if (e instanceof ZipException) {
      return new DataException(
          name + " is damaged: can't decompress its gzip data: " + reason(e), e);
    }
    if (e instanceof CharacterCodingException) {
      return new DataException(
          name + " must be text in UTF-8 to be a CSV table, but has other bytes", e);
    }
    if (e instanceof AccessDeniedException) {
      return new DataException(name + " can't be read: permission denied", e);
    }
    return new DataException(name + " can't be read: " + reason(e), e);
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
