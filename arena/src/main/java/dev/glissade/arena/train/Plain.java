package dev.glissade.arena.train;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.glissade.arena.text.Text;
import java.util.LinkedHashMap;
import java.util.Map;

/** JSON as maps, lists, strings and numbers, and back. */
public final class Plain {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Plain() {}

  /**
   * The value of a JSON text.
   *
   * @param where what the text is called in an error
   * @throws IllegalArgumentException if it is no JSON, saying where
   */
  public static Object parse(String where, String json) {
    Object value;
    try {
      value = MAPPER.readValue(json, Object.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "%s is no JSON: line %d, column %d: %s"
              .formatted(
                  where,
                  e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                  e.getLocation() == null ? 1 : e.getLocation().getColumnNr(),
                  e.getOriginalMessage().lines().findFirst().orElse("")),
          e);
    }
    if (value == null) {
      throw new IllegalArgumentException(where + " must not be null");
    }
    return value;
  }

  /** One line of JSON, which can be printed to a terminal. */
  public static String json(Object plain) {
    try {
      return Text.json(MAPPER.writeValueAsString(plain));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain values could not be written", e);
    }
  }

  /** A copy of a map whose keys are strings; empty for anything else. */
  static Map<String, Object> map(Object plain) {
    Map<String, Object> copy = new LinkedHashMap<>();
    if (plain instanceof Map<?, ?> map) {
      map.forEach((key, value) -> copy.put(String.valueOf(key), value));
    }
    return copy;
  }
}
