package dev.glissade.arena.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes safetensors files: the header's length in 8 bytes, little-endian; the header, JSON padded
 * by spaces to a multiple of 8; the numbers, in the header's order.
 */
public final class Safetensors {
  private static final int ALIGNMENT = 8;

  private Safetensors() {}

  /**
   * Replaces the file as a whole: whoever reads it sees the old one or the new one.
   *
   * @param arrays float32 numbers by path
   * @param metadata texts by name
   */
  public static void write(
      Path file,
      Map<String, float[]> arrays,
      Map<String, int[]> shapes,
      Map<String, String> metadata)
      throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Path temporary =
        (folder == null ? Path.of("") : folder)
            .resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      fill(temporary, arrays, header(arrays, shapes, metadata));
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void fill(Path file, Map<String, float[]> arrays, byte[] header)
      throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      writeAll(channel, length.putLong(header.length).flip());
      writeAll(channel, ByteBuffer.wrap(header));
      for (float[] array : arrays.values()) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(array.length, Float.BYTES));
        bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(array);
        writeAll(channel, bytes);
      }
      channel.force(true);
    }
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static byte[] header(
      Map<String, float[]> arrays, Map<String, int[]> shapes, Map<String, String> metadata) {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("__metadata__", metadata);
    long begin = 0;
    for (Map.Entry<String, float[]> array : arrays.entrySet()) {
      long end = begin + (long) array.getValue().length * Float.BYTES;
      int @Nullable [] shape = shapes.get(array.getKey());
      Map<String, Object> tensor = new LinkedHashMap<>();
      tensor.put("dtype", "F32");
      tensor.put("shape", shape == null ? new int[] {array.getValue().length} : shape);
      tensor.put("data_offsets", List.of(begin, end));
      header.put(array.getKey(), tensor);
      begin = end;
    }
    byte[] json = Plain.json(header).getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(json, (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }
}
