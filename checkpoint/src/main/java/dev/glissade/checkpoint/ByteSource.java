package dev.glissade.checkpoint;

import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** Where a file's bytes come from: a file, or a stream of known length. */
interface ByteSource extends Closeable {
  /** Returns the number of bytes in all. */
  long length() throws IOException;

  /** Goes to a position; a stream can only be where it is. */
  void seek(long position) throws IOException;

  /** Reads this many bytes, or throws. */
  void readFully(byte[] bytes, int from, int count) throws IOException;

  /** Opens a file as a RandomAccessFile, because an interrupt would close a channel. */
  static ByteSource of(Path path) throws IOException {
    class File extends RandomAccessFile implements ByteSource {
      File() throws IOException {
        super(path.toFile(), "r");
      }
    }

    return new File();
  }

  /** Returns the next bytes of a stream, which stays open. */
  static ByteSource of(InputStream in, long length) {
    return new Next(in, length);
  }

  /** The next bytes of a stream. */
  final class Next extends FilterInputStream implements ByteSource {
    private final long length;
    private long position;

    private Next(InputStream in, long length) {
      super(in);
      this.length = length;
    }

    @Override
    public long length() {
      return length;
    }

    @Override
    public void seek(long to) {
      if (to != position) {
        throw new IllegalStateException("a stream can only be read in order");
      }
    }

    @Override
    public void readFully(byte[] bytes, int from, int count) throws IOException {
      int read = in.readNBytes(bytes, from, count);
      position += read;
      if (read < count) {
        throw new EOFException(
            "the stream must have %d bytes, but ended after %d".formatted(length, position));
      }
    }

    @Override
    public void close() {
      // The caller opened the stream.
    }
  }
}
