package dev.glissade.arena.data;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that can be read more than once.
 *
 * @param name its name in messages
 */
record Source(String name, Opener opener) {

  /** Opens the file at its beginning. */
  interface Opener {
    InputStream open() throws IOException;
  }

  static Source of(Path path, LoadProgress progress) {
    String name = Inputs.name(path);
    return new Source(
        name,
        () -> Inputs.open(path, new Watched(name, path, Files.newInputStream(path), progress)));
  }

  InputStream open() throws IOException {
    return opener.open();
  }

  /** Reports what is read of a file, before decompression. */
  private static final class Watched extends FilterInputStream {
    private final LoadProgress progress;

    Watched(String name, Path path, InputStream in, LoadProgress progress) throws IOException {
      super(in);
      this.progress = progress;
      progress.begin(name, Files.size(path));
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      progress.read(b < 0 ? 0 : 1);
      return b;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int n = super.read(target, offset, length);
      progress.read(Math.max(n, 0));
      return n;
    }

    @Override
    public void close() throws IOException {
      super.close();
      progress.end();
    }
  }
}
