package dev.glissade.spark;

import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Bytes in blocks of at most 1 MiB, so that there may be more than an array holds. */
final class Blocks extends OutputStream {
  private static final int MOST_BYTES = 1 << 20;

  private final List<byte[]> blocks = new ArrayList<>();

  private Blocks() {}

  /** Returns the bytes of a checkpoint's file. */
  static byte[][] of(Checkpoint checkpoint) {
    Blocks blocks = new Blocks();
    try {
      checkpoint.save(blocks);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return blocks.blocks.toArray(byte[][]::new);
  }

  /** Reads a checkpoint from the bytes of its file. */
  static Checkpoint checkpoint(byte[][] blocks) throws CheckpointException {
    List<InputStream> streams = new ArrayList<>();
    for (byte[] block : blocks) {
      streams.add(new ByteArrayInputStream(block));
    }
    return Checkpoint.load(
        new SequenceInputStream(Collections.enumeration(streams)), length(blocks));
  }

  static long length(byte[][] blocks) {
    long length = 0;
    for (byte[] block : blocks) {
      length += block.length;
    }
    return length;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) {
    for (int done = 0; done < count; done += MOST_BYTES) {
      int end = Math.min(count, done + MOST_BYTES);
      blocks.add(Arrays.copyOfRange(bytes, from + done, from + end));
    }
  }
}
