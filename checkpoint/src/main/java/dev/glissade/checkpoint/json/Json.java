package dev.glissade.checkpoint.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.glissade.records.ContainerType;
import dev.glissade.records.ContainerType.Kind;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Converts JSON to maps, lists, strings, numbers, booleans and null, and back. Rejects duplicate
 * keys and anything after the value.
 */
public final class Json {
  /** Accepts what the standard allows. */
  public static final Json STRICT = new Json(factory());

  /** Also accepts the numbers .1, 1. and +1. */
  public static final Json LENIENT =
      new Json(
          factory()
              .enable(JsonReadFeature.ALLOW_LEADING_DECIMAL_POINT_FOR_NUMBERS)
              .enable(JsonReadFeature.ALLOW_TRAILING_DECIMAL_POINT_FOR_NUMBERS)
              .enable(JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS));

  /** Also accepts and writes NaN, Infinity and -Infinity, as Python does. */
  public static final Json PYTHON =
      new Json(
          factory()
              .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
              .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS));

  private final JsonFactory factory;

  private Json(JsonFactoryBuilder factory) {
    this.factory = factory.build();
  }

  /**
   * Returns a factory that neither caches nor interns names, since they may be hostile, and accepts
   * names and strings of any length, since the text is already in memory.
   */
  private static JsonFactoryBuilder factory() {
    return new JsonFactoryBuilder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
        .streamReadConstraints(constraints());
  }

  /** Spark brings Jackson 2.15, where names have no limit to be set. */
  private static StreamReadConstraints constraints() {
    StreamReadConstraints.Builder builder =
        StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE);
    try {
      builder.maxNameLength(Integer.MAX_VALUE);
    } catch (NoSuchMethodError e) {
      // since 2.16
    }
    return builder.build();
  }

  /**
   * Returns a streaming parser.
   *
   * @param text the JSON text
   * @return a parser before the first token
   * @throws IOException if the parser can't be created
   */
  public JsonParser parser(String text) throws IOException {
    return factory.createParser(text);
  }

  /**
   * Parses a text.
   *
   * @param text the JSON text
   * @return its value
   * @throws JsonProcessingException if the text is not JSON
   */
  public @Nullable Object parse(String text) throws JsonProcessingException {
    try (JsonParser parser = parser(text)) {
      parser.nextToken();
      Object value = value(parser);
      requireEnd(parser);
      return value;
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Parses a text whose value must not be null.
   *
   * @param where the text's name in errors
   * @param text the JSON text
   * @return its value
   * @throws IllegalArgumentException if the text is not JSON; the message says where
   */
  public Object read(String where, String text) {
    Object value;
    try {
      value = parse(text);
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
    }
    if (value == null) {
      throw new IllegalArgumentException(where + " must not be null");
    }
    return value;
  }

  /**
   * Parses a file of UTF-8 text, with or without a byte order mark, whose value must not be null.
   *
   * @param name the file's path
   * @return its value
   * @throws IllegalArgumentException if the file does not exist or is not JSON; the message says
   *     where
   */
  public Object readFile(String name) {
    try {
      String text = Files.readString(Path.of(name));
      return read(name, text.startsWith("\ufeff") ? text.substring(1) : text);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(name + ": there is no such file", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(name + " can't be read as text: " + e.getMessage(), e);
    }
  }

  /**
   * Returns what is wrong with a text.
   *
   * @param e the parser's exception
   * @return one line, without the place
   */
  public static String problem(JsonProcessingException e) {
    String first = e.getOriginalMessage().lines().findFirst().orElse("not JSON");
    return first.replaceFirst(" \\(start marker.*", "");
  }

  /**
   * Requires that a parser is at the end of its text.
   *
   * @param parser the parser
   * @throws IOException if anything follows
   */
  public static void requireEnd(JsonParser parser) throws IOException {
    if (parser.nextToken() != null) {
      throw new JsonParseException(parser, "nothing may follow the value");
    }
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new JsonParseException(parser, "the text is empty");
    }
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new JsonParseException(parser, "unexpected " + token);
    };
  }

  private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      map.put(name, value(parser));
    }
    return map;
  }

  private static List<@Nullable Object> array(JsonParser parser) throws IOException {
    List<@Nullable Object> list = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(value(parser));
    }
    return list;
  }

  /**
   * Writes a value on one line without spaces. Writes records as maps.
   *
   * @param plain a value of maps, records, lists, arrays, numbers, booleans, strings and nulls
   * @return the JSON text
   */
  public String write(@Nullable Object plain) {
    return write(plain, false);
  }

  /**
   * Writes a value on indented lines. Writes records as maps.
   *
   * @param plain a value of maps, records, lists, arrays, numbers, booleans, strings and nulls
   * @return the JSON text
   */
  public String pretty(@Nullable Object plain) {
    return write(plain, true);
  }

  private String write(@Nullable Object plain, boolean indented) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = factory.createGenerator(text)) {
      if (indented) {
        generator.useDefaultPrettyPrinter();
      }
      write(generator, plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator out, @Nullable Object plain) throws IOException {
    ContainerType type = ContainerType.of(plain);
    if (plain == null || type == null) {
      writeLeaf(out, plain);
    } else if (type.kind() == Kind.LIST) {
      out.writeStartArray();
      for (int i = 0; i < type.size(); i++) {
        write(out, type.get(plain, i));
      }
      out.writeEndArray();
    } else {
      out.writeStartObject();
      for (int i = 0; i < type.size(); i++) {
        out.writeFieldName(type.name(i));
        write(out, type.get(plain, i));
      }
      out.writeEndObject();
    }
  }

  private static void writeLeaf(JsonGenerator out, @Nullable Object plain) throws IOException {
    if (plain != null && plain.getClass().isArray()) {
      out.writeStartArray();
      for (int i = 0; i < Array.getLength(plain); i++) {
        writeLeaf(out, Array.get(plain, i));
      }
      out.writeEndArray();
    } else if (plain instanceof BigInteger whole) {
      out.writeNumber(whole);
    } else if (plain instanceof Long || plain instanceof Integer) {
      out.writeNumber(((Number) plain).longValue());
    } else if (plain instanceof Number number) {
      out.writeNumber(number.doubleValue());
    } else if (plain instanceof Boolean truth) {
      out.writeBoolean(truth);
    } else if (plain == null) {
      out.writeNull();
    } else {
      out.writeString(plain.toString());
    }
  }
}
