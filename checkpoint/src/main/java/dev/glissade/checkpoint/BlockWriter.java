package dev.glissade.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.Collection;

/** Writes numbers through one block, and computes the checksum of the bytes written. */
final class BlockWriter {
  private final FileChannel file;
  private final MessageDigest digest = BlockReader.sha256();
  private final ByteBuffer block;

  private BlockWriter(FileChannel file, long bytes) {
    this.file = file;
    this.block = HeaderReader.littleEndian(BlockReader.room(bytes));
  }

  /** Writes the header and the contents, in order, and then the checksum into the header. */
  static void write(FileChannel file, FileHeader header, Collection<Content> contents)
      throws IOException {
    BlockWriter writer = new BlockWriter(file, header.dataBytes());
    writer.put(ByteBuffer.wrap(header.bytes()));
    for (Content content : contents) {
      writer.write(content);
    }
    writer.flush();
    file.position(header.checksumAt());
    AtomicFile.writeFully(file, ByteBuffer.wrap(BlockReader.hex(writer.digest)));
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
    AtomicFile.writeFully(file, bytes);
  }
}
