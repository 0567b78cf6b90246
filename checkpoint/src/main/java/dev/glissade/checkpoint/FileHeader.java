package dev.glissade.checkpoint;

import dev.glissade.checkpoint.json.Json;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The checked header of a file.
 *
 * @param bytes the header, preceded by the 8 bytes of its length
 * @param metadata the notes by name
 * @param tensors the tensors in the file's order
 */
record FileHeader(byte[] bytes, Map<String, String> metadata, List<TensorInfo> tensors) {
  /** The key of the checksum; its 64 digits count as zeros in the checksum. */
  static final String CHECKSUM = "glissade.sha256";

  static final String METADATA = "__metadata__";

  /** Tools that map a file into memory need numbers at multiples of their size. */
  private static final int ALIGNMENT = 8;

  private static final byte[] BEFORE_CHECKSUM =
      ("\"" + CHECKSUM + "\":\"").getBytes(StandardCharsets.US_ASCII);

  /**
   * Returns the header of some tensors, which must be in the file's order.
   *
   * @throws IllegalArgumentException if a name can't be written, or the header is too long
   */
  static FileHeader of(Collection<TensorInfo> tensors, Map<String, String> metadata) {
    Map<String, Object> plain = new LinkedHashMap<>();
    plain.put(METADATA, metadata);
    for (TensorInfo tensor : tensors) {
      Map<String, Object> info = new LinkedHashMap<>();
      info.put("dtype", tensor.type().name());
      info.put("shape", tensor.shape());
      info.put("data_offsets", List.of(tensor.begin(), tensor.end()));
      if (plain.put(tensor.name(), info) != null) {
        throw new IllegalArgumentException(
            "each tensor must have its own name, other than %s, but one had \"%s\""
                .formatted(METADATA, tensor.name()));
      }
    }
    ByteBuffer json = encoded(Json.STRICT.write(plain));
    int length = (json.remaining() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (length > HeaderReader.LONGEST) {
      throw new IllegalArgumentException(
          "the header of names, shapes and notes must have at most %d bytes, but had %d"
              .formatted(HeaderReader.LONGEST, length));
    }
    byte[] bytes = new byte[Long.BYTES + length];
    Arrays.fill(bytes, (byte) ' ');
    HeaderReader.littleEndian(bytes).putLong(length).put(json);
    return new FileHeader(bytes, metadata, new ArrayList<>(tensors));
  }

  private static ByteBuffer encoded(String text) {
    try {
      return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("names and notes must be Unicode text", e);
    }
  }

  /** Returns the bytes of all tensors together. */
  long dataBytes() {
    return tensors.isEmpty() ? 0 : tensors.get(tensors.size() - 1).end();
  }

  /** Returns where the checksum's digits begin; -1 if the header has no checksum. */
  int checksumAt() {
    for (int i = Long.BYTES; i + BEFORE_CHECKSUM.length + 64 < bytes.length; i++) {
      int same = 0;
      while (same < BEFORE_CHECKSUM.length && bytes[i + same] == BEFORE_CHECKSUM[same]) {
        same++;
      }
      if (same == BEFORE_CHECKSUM.length) {
        return i + same;
      }
    }
    return -1;
  }
}
