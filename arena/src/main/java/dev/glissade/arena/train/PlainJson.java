package dev.glissade.arena.train;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.glissade.arena.text.Text;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as maps, lists, strings and numbers, and back. */
public final class PlainJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Takes numbers as people and Python write them. */
  private static final ObjectMapper LENIENT =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonReadFeature.ALLOW_LEADING_DECIMAL_POINT_FOR_NUMBERS)
          .enable(JsonReadFeature.ALLOW_TRAILING_DECIMAL_POINT_FOR_NUMBERS)
          .enable(JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS)
          .build();

  private PlainJson() {}

  /**
   * The value of a JSON text.
   *
   * @param where what the text is called in an error
   * @throws IllegalArgumentException if it is not JSON, saying where
   */
  public static Object parse(String where, String json) {
    return parse(MAPPER, where, json);
  }

  /**
   * The value of an argument: JSON, or a number such as {@code .1}, {@code 1.} or {@code +1}, or
   * {@code True} or {@code False}. Any other text without brackets and quotes is a string, such as
   * {@code inf}.
   *
   * @param where what the argument is called in an error
   * @throws IllegalArgumentException if text with brackets or quotes is not JSON, saying where
   */
  static Object argument(String where, String text) {
    if (text.matches("[\\[{\"].*")) {
      return parse(LENIENT, where, text);
    }
    if (text.matches("True|False|None")) {
      return parse(where, text.equals("None") ? "null" : text.toLowerCase(Locale.ROOT));
    }
    try {
      Object value = LENIENT.readValue(text, Object.class);
      return value == null ? parse(where, text) : value;
    } catch (JsonProcessingException e) {
      return text;
    }
  }

  private static Object parse(ObjectMapper mapper, String where, String json) {
    Object value;
    try {
      value = mapper.readValue(json, Object.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "%s is not JSON: line %d, column %d: %s"
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
  static Map<String, Object> map(@Nullable Object plain) {
    Map<String, Object> copy = new LinkedHashMap<>();
    if (plain instanceof Map<?, ?> map) {
      map.forEach((key, value) -> copy.put(String.valueOf(key), value));
    }
    return copy;
  }
}
