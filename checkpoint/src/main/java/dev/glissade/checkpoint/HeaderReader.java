package dev.glissade.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.glissade.checkpoint.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a header, and checks all of it before anybody uses it. */
final class HeaderReader {
  /** The longest header that other readers of the format accept, in bytes. */
  static final int LONGEST = 100_000_000;

  private final @Nullable Path file;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final List<TensorInfo> tensors = new ArrayList<>();

  private HeaderReader(@Nullable Path file) {
    this.file = file;
  }

  static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Reads the header of an open file, from its beginning. */
  static FileHeader read(ByteSource in, @Nullable Path file) throws IOException {
    return new HeaderReader(file).read(in);
  }

  private FileHeader read(ByteSource in) throws IOException {
    long length = in.length();
    if (length < Long.BYTES) {
      throw corrupt(
          "the file must have at least the 8 bytes of the header's length, but had " + length);
    }
    byte[] first = new byte[Long.BYTES];
    in.seek(0);
    in.readFully(first, 0, first.length);
    long header = littleEndian(first).getLong();
    if (header < 0 || header > LONGEST) {
      throw corrupt(
          "the header's length must be at most %d bytes, but was %s: is this a safetensors file?"
              .formatted(LONGEST, Long.toUnsignedString(header)));
    }
    if (header > length - Long.BYTES) {
      throw corrupt(
          "the header must fit in the file of %d bytes, but had %d".formatted(length, header));
    }
    byte[] bytes = Arrays.copyOf(first, Long.BYTES + (int) header);
    in.readFully(bytes, Long.BYTES, (int) header);
    parse(text(littleEndian(bytes).position(Long.BYTES)));
    requireCovered(length - Long.BYTES - header);
    return new FileHeader(
        bytes, Collections.unmodifiableMap(metadata), Collections.unmodifiableList(tensors));
  }

  private String text(ByteBuffer bytes) throws CheckpointException {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      if (!text.startsWith("{")) {
        throw corrupt("the header must begin with \"{\", but did not");
      }
      return text;
    } catch (CharacterCodingException e) {
      throw corrupt("the header must be UTF-8 text, but was not at byte " + bytes.position());
    }
  }

  private void parse(String text) throws IOException {
    try (JsonParser parser = Json.STRICT.parser(text)) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        if (name.equals(FileHeader.METADATA)) {
          readMetadata(parser);
        } else {
          readTensor(name, parser);
        }
      }
      Json.requireEnd(parser);
    } catch (JsonProcessingException e) {
      throw CheckpointException.notJson(file, "the header", e);
    }
  }

  /** Reads the notes. Null means no notes, as in the format's reference reader. */
  private void readMetadata(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw corrupt("\"__metadata__\" must be an object, but was " + shown(parser.getText()));
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_STRING) {
        throw corrupt(
            "metadata \"%s\" must be a string, but was %s"
                .formatted(shown(key), shown(parser.getText())));
      }
      metadata.put(key, parser.getText());
    }
  }

  private void readTensor(String name, JsonParser parser) throws IOException {
    String tensor = "tensor \"" + shown(name) + "\"";
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw corrupt(tensor + " must be an object, but was " + shown(parser.getText()));
    }
    StoredType type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      parser.nextToken();
      switch (key) {
        case "dtype" -> type = type(tensor, parser);
        case "shape" -> shape = numbers(tensor, "shape", parser);
        case "data_offsets" -> offsets = numbers(tensor, "data_offsets", parser);
        default -> parser.skipChildren(); // a later version of the format may have more keys
      }
    }
    tensors.add(checked(name, tensor, type, shape, offsets));
  }

  private StoredType type(String tensor, JsonParser parser) throws IOException {
    StoredType type =
        parser.currentToken() == JsonToken.VALUE_STRING ? StoredType.named(parser.getText()) : null;
    if (type == null) {
      throw corrupt(
          tensor + ": dtype must be a safetensors type, but was " + shown(parser.getText()));
    }
    return type;
  }

  private List<Long> numbers(String tensor, String key, JsonParser parser) throws IOException {
    String rule = "%s: %s must be a list of integers of at least 0".formatted(tensor, key);
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw corrupt(rule + ", but was " + shown(parser.getText()));
    }
    List<Long> numbers = new ArrayList<>(4);
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      boolean whole = parser.currentToken() == JsonToken.VALUE_NUMBER_INT;
      if (!whole || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
        throw corrupt(rule + " and below 2^63, but one was " + shown(parser.getText()));
      }
      long number = parser.getLongValue();
      if (number < 0) {
        throw corrupt(rule + ", but one was " + number);
      }
      numbers.add(number);
    }
    return numbers;
  }

  private TensorInfo checked(
      String name,
      String tensor,
      @Nullable StoredType type,
      @Nullable List<Long> shape,
      @Nullable List<Long> offsets)
      throws CheckpointException {
    if (type == null || shape == null || offsets == null) {
      String missing = type == null ? "dtype" : shape == null ? "shape" : "data_offsets";
      throw corrupt(tensor + " must have dtype, shape and data_offsets, but had no " + missing);
    }
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
      throw corrupt(
          tensor
              + ": data_offsets must be a begin offset and an end offset, but were "
              + shown(offsets));
    }
    long begin = offsets.get(0);
    long end = offsets.get(1);
    long bytes = bytes(tensor, type, shape);
    if (bytes != end - begin) {
      throw corrupt(
          "%s of %s%s must have %d bytes, but had %d"
              .formatted(tensor, type, shown(shape), bytes, end - begin));
    }
    return new TensorInfo(name, type, shape, begin, end);
  }

  /**
   * Computes the bytes of a tensor. The product of the lengths, from left to right, must fit in 64
   * unsigned bits: a length of 0 does not excuse an overflow before it.
   */
  private long bytes(String tensor, StoredType type, List<Long> shape) throws CheckpointException {
    long bits = 1;
    for (long length : shape) {
      bits = product(bits, length, tensor, shape);
    }
    bits = product(bits, type.bits(), tensor, shape);
    if (bits % Byte.SIZE != 0) {
      throw corrupt(
          "%s of %s%s must fill whole bytes, but had %d bits"
              .formatted(tensor, type, shown(shape), bits));
    }
    return bits >>> 3;
  }

  private long product(long size, long length, String tensor, List<Long> shape)
      throws CheckpointException {
    if (length != 0 && Long.compareUnsigned(size, Long.divideUnsigned(-1L, length)) > 0) {
      throw corrupt(tensor + " must have fewer than 2^64 bits, but had shape " + shown(shape));
    }
    return size * length;
  }

  /** Requires that every byte of the data belongs to exactly one tensor. */
  private void requireCovered(long data) throws CheckpointException {
    tensors.sort(
        Comparator.comparingLong(TensorInfo::begin)
            .thenComparingLong(TensorInfo::end)
            .thenComparing(TensorInfo::name));
    long end = 0;
    for (TensorInfo tensor : tensors) {
      if (tensor.begin() != end) {
        throw corrupt(
            "tensor \"%s\" must begin at byte %d, where the one before it ends, but began at %d"
                .formatted(shown(tensor.name()), end, tensor.begin()));
      }
      end = tensor.end();
    }
    if (end != data) {
      throw corrupt("the file must have %d bytes of tensors, but had %d".formatted(end, data));
    }
  }

  /** Returns text or a list from the file, truncated to fit in a message. */
  static String shown(Object value) {
    String text = value.toString();
    return text.length() <= 200 ? text : text.substring(0, 200) + "...";
  }

  private CheckpointException corrupt(String sentence) {
    return CheckpointException.corrupt(file, sentence);
  }
}
