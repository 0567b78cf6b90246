package dev.glissade.tribuo;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Writes and reads JSON of maps, lists, strings, numbers and booleans. */
final class JsonText {
  private static final JSON MAPPER =
      JSON.builder(
              new JsonFactoryBuilder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .build();

  private JsonText() {}

  /** Returns the JSON of a value, on one line. */
  static String write(@Nullable Object plain) {
    try {
      return MAPPER.asString(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns the value of a text.
   *
   * @param where the text's name in errors
   * @throws IllegalArgumentException if the text is not JSON; the message says where
   */
  static Object read(String where, String text) {
    try (JsonParser parser = MAPPER.createParser(text)) {
      Object value = MAPPER.anyFrom(parser);
      if (parser.nextToken() != null) {
        throw new JsonParseException(parser, "nothing may follow the value");
      }
      return value;
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw new IllegalArgumentException(
          "%s is not JSON: line %d, column %d: %s"
              .formatted(
                  where,
                  at == null ? 1 : at.getLineNr(),
                  at == null ? 1 : at.getColumnNr(),
                  problem(e)),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String problem(JsonProcessingException e) {
    String first = e.getOriginalMessage().lines().findFirst().orElse("not JSON");
    return first.replaceFirst(" \\(start marker.*", "");
  }
}
