package dev.glissade.checkpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.Collection;

/** Writes numbers through one block, and computes the checksum of the bytes written. */
final class BlockWriter {
  private final Sink sink;
  private final MessageDigest digest = BlockReader.sha256();
  private final ByteBuffer block;

  /** Takes the bytes. */
  private interface Sink {
    void put(ByteBuffer bytes) throws IOException;
  }

  private BlockWriter(Sink sink, long bytes) {
    this.sink = sink;
    this.block = HeaderReader.littleEndian(BlockReader.room(bytes));
  }

  /** Writes the header and the contents, in order, and then the checksum into the header. */
  static void write(FileChannel file, FileHeader header, Collection<Content> contents)
      throws IOException {
    byte[] checksum =
        write(bytes -> AtomicFile.writeFully(file, bytes), header.bytes(), header, contents);
    file.position(header.checksumAt());
    AtomicFile.writeFully(file, ByteBuffer.wrap(checksum));
  }

  /**
   * Writes to a stream. It reads the contents twice, because the checksum stands before them and a
   * stream can't go back.
   */
  static void write(OutputStream out, FileHeader header, Collection<Content> contents)
      throws IOException {
    byte[] checksum = write(bytes -> {}, header.bytes(), header, contents);
    byte[] first = header.bytes().clone();
    System.arraycopy(checksum, 0, first, header.checksumAt(), checksum.length);
    write(
        bytes ->
            out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining()),
        first,
        header,
        contents);
    out.flush();
  }

  /** Writes the header and the contents, in order, and returns their checksum in digits. */
  private static byte[] write(
      Sink sink, byte[] first, FileHeader header, Collection<Content> contents) throws IOException {
    BlockWriter writer = new BlockWriter(sink, header.dataBytes());
    writer.put(ByteBuffer.wrap(first));
    for (Content content : contents) {
      writer.write(content);
    }
    writer.flush();
    return BlockReader.hex(writer.digest);
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
    put(block.flip());
    block.clear();
  }

  private void put(ByteBuffer bytes) throws IOException {
    digest.update(bytes.duplicate());
    sink.put(bytes);
  }
}
