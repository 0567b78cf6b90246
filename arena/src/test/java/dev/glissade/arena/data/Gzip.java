package dev.glissade.arena.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;

final class Gzip {
  private Gzip() {}

  static byte[] of(byte[] data) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(data);
    }
    return zipped.toByteArray();
  }
}
