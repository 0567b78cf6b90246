package dev.glissade.spark;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a task of the ring returns. It travels as plain arrays, which every serializer of Spark can
 * write.
 *
 * @param checksum of the parameters
 * @param nonFinite what was not finite, if that ended the training
 * @param checkpoint the file of the last checkpoint; empty but for rank 0
 */
record TaskResult(long checksum, @Nullable String nonFinite, byte[][] checkpoint) {

  byte[][] toBytes() {
    byte[] text = (nonFinite == null ? "" : nonFinite).getBytes(StandardCharsets.UTF_8);
    byte[][] bytes = new byte[checkpoint.length + 1][];
    bytes[0] = ByteBuffer.allocate(Long.BYTES + text.length).putLong(checksum).put(text).array();
    System.arraycopy(checkpoint, 0, bytes, 1, checkpoint.length);
    return bytes;
  }

  static TaskResult of(byte[][] bytes) {
    ByteBuffer first = ByteBuffer.wrap(bytes[0]);
    long checksum = first.getLong();
    String text = StandardCharsets.UTF_8.decode(first).toString();
    byte[][] checkpoint = new byte[bytes.length - 1][];
    System.arraycopy(bytes, 1, checkpoint, 0, checkpoint.length);
    return new TaskResult(checksum, text.isEmpty() ? null : text, checkpoint);
  }
}
