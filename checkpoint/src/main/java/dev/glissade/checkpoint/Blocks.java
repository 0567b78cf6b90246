package dev.glissade.checkpoint;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;

/**
 * Moves numbers between arrays and a file through one block, and adds up the checksum of what
 * passes. It is not a channel, so that an interrupt does not break a checkpoint that is being
 * written.
 */
final class Blocks {
  private static final int LARGEST = 1 << 20;
  private static final int SMALLEST = 1 << 12;

  private final RandomAccessFile file;
  private final MessageDigest digest = sha256();
  private final byte[] bytes;

  /** On the bytes. */
  private final ByteBuffer block;

  /** How many bytes are still to be read from the file. */
  private long left;

  private Blocks(RandomAccessFile file, long bytes) {
    this.file = file;
    this.left = bytes;
    this.bytes = new byte[(int) Math.max(SMALLEST, Math.min(LARGEST, bytes))];
    this.block = HeaderReader.littleEndian(this.bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Writes the header and the contents, in order, and the checksum into the header. */
  static void write(RandomAccessFile file, Header header, Collection<Content> contents)
      throws IOException {
    Blocks blocks = new Blocks(file, header.dataBytes());
    file.write(header.bytes());
    blocks.digest.update(header.bytes());
    for (Content content : contents) {
      blocks.write(content);
    }
    blocks.flush();
    file.seek(header.checksumAt());
    file.write(blocks.hex());
  }

  private void write(Content content) throws IOException {
    int unit = content.unit();
    int done = 0;
    while (done < content.length()) {
      if (block.remaining() < unit) {
        flush();
      }
      int count = Math.min(content.length() - done, block.remaining() / unit);
      content.write(done, count, block);
      done += count;
    }
  }

  private void flush() throws IOException {
    file.write(bytes, 0, block.position());
    digest.update(bytes, 0, block.position());
    block.clear();
  }

  private byte[] hex() {
    return HexFormat.of().formatHex(digest.digest()).getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Reads the contents, in the file's order.
   *
   * @return the checksum of header and contents, as digits
   */
  static byte[] read(RandomAccessFile file, Header header, Collection<Content> contents)
      throws IOException {
    Blocks blocks = start(file, header);
    for (Content content : contents) {
      blocks.read(content);
    }
    return blocks.hex();
  }

  /** The checksum of a file, as digits. */
  static byte[] checksum(RandomAccessFile file, Header header) throws IOException {
    Blocks blocks = start(file, header);
    while (blocks.left > 0) {
      blocks.block.clear().limit(0);
      blocks.fill();
    }
    return blocks.hex();
  }

  /** Reads one tensor of a file. */
  static void readOne(RandomAccessFile file, long at, Content content) throws IOException {
    file.seek(at);
    new Blocks(file, content.bytes()).emptied().read(content);
  }

  private static Blocks start(RandomAccessFile file, Header header) throws IOException {
    Blocks blocks = new Blocks(file, header.dataBytes()).emptied();
    byte[] bytes = header.bytes();
    int checksum = header.checksumAt();
    int end = checksum < 0 ? bytes.length : checksum;
    blocks.digest.update(bytes, 0, end);
    if (checksum >= 0) {
      byte[] zeros = new byte[64];
      Arrays.fill(zeros, (byte) '0');
      blocks.digest.update(zeros);
      blocks.digest.update(bytes, checksum + 64, bytes.length - checksum - 64);
    }
    file.seek(bytes.length);
    return blocks;
  }

  private Blocks emptied() {
    block.limit(0);
    return this;
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
