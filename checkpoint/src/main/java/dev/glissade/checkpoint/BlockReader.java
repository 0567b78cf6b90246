package dev.glissade.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.function.DoubleConsumer;

/** Reads numbers through one block, and computes the checksum of the bytes read. */
final class BlockReader {
  private static final int LARGEST = 1 << 20;
  private static final int SMALLEST = 1 << 12;

  private final ByteSource file;
  private final MessageDigest digest = sha256();
  private final byte[] bytes;

  /** A view of the bytes. */
  private final ByteBuffer block;

  /** The number of bytes still to read from the file. */
  private long left;

  private BlockReader(ByteSource file, long bytes) {
    this.file = file;
    this.left = bytes;
    this.bytes = room(bytes);
    this.block = HeaderReader.littleEndian(this.bytes).limit(0);
  }

  /** Returns a block for reading or writing this many bytes in all. */
  static byte[] room(long bytes) {
    return new byte[(int) Math.max(SMALLEST, Math.min(LARGEST, bytes))];
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the Java runtime must have SHA-256", e);
    }
  }

  static byte[] hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest()).getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Reads the contents, in the file's order.
   *
   * @return the checksum of header and contents, as hexadecimal digits
   */
  static byte[] read(ByteSource file, FileHeader header, Collection<Content> contents)
      throws IOException {
    BlockReader reader = start(file, header);
    for (Content content : contents) {
      reader.read(content);
    }
    return hex(reader.digest);
  }

  /** Computes the checksum of a file, as hexadecimal digits. */
  static byte[] checksum(ByteSource file, FileHeader header) throws IOException {
    BlockReader reader = start(file, header);
    while (reader.left > 0) {
      reader.block.clear().limit(0);
      reader.fill();
    }
    return hex(reader.digest);
  }

  /** Reads one tensor of a file. */
  static void readOne(ByteSource file, long at, Content content) throws IOException {
    file.seek(at);
    new BlockReader(file, content.bytes()).read(content);
  }

  /** Reads the given number of bytes of a file as numbers of a type. */
  static void readOne(ByteSource file, long at, long bytes, StoredType type, DoubleConsumer numbers)
      throws IOException {
    file.seek(at);
    BlockReader reader = new BlockReader(file, bytes);
    while (reader.left > 0) {
      reader.fill();
      NumberReader.read(type, reader.block, numbers);
    }
  }

  private static BlockReader start(ByteSource file, FileHeader header) throws IOException {
    BlockReader reader = new BlockReader(file, header.dataBytes());
    byte[] bytes = header.bytes();
    int checksum = header.checksumAt();
    int end = checksum < 0 ? bytes.length : checksum;
    reader.digest.update(bytes, 0, end);
    if (checksum >= 0) {
      byte[] zeros = new byte[64];
      Arrays.fill(zeros, (byte) '0');
      reader.digest.update(zeros);
      reader.digest.update(bytes, checksum + 64, bytes.length - checksum - 64);
    }
    file.seek(bytes.length);
    return reader;
  }

  private void read(Content content) throws IOException {
    int unit = content.unit();
    int done = 0;
    while (done < content.length()) {
      if (block.remaining() < unit) {
        fill();
      }
      int count = Math.min(content.length() - done, block.remaining() / unit);
      content.read(done, count, block);
      done += count;
    }
  }

  private void fill() throws IOException {
    block.compact();
    int count = (int) Math.min(left, block.remaining());
    file.readFully(bytes, block.position(), count);
    digest.update(bytes, block.position(), count);
    left -= count;
    block.position(block.position() + count).flip();
  }
}
