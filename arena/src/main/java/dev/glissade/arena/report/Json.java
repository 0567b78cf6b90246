package dev.glissade.arena.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glissade.arena.text.Text;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** JSON in which numbers that are not finite are null. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Json() {}

  static ObjectNode object() {
    return NODES.objectNode();
  }

  static JsonNode number(double x) {
    return Double.isFinite(x) ? NODES.numberNode(x) : NODES.nullNode();
  }

  static JsonNode numbers(double @Nullable [] numbers) {
    if (numbers == null) {
      return NODES.nullNode();
    }
    ArrayNode array = NODES.arrayNode(numbers.length);
    Arrays.stream(numbers).forEach(x -> array.add(number(x)));
    return array;
  }

  static JsonNode numbers(long[] numbers) {
    ArrayNode array = NODES.arrayNode(numbers.length);
    Arrays.stream(numbers).forEach(array::add);
    return array;
  }

  /** The text as JSON, or as a string where it is none. */
  static JsonNode parsed(String json) {
    try {
      JsonNode node = MAPPER.readTree(json);
      return node.isMissingNode() ? NODES.textNode(json) : node;
    } catch (JsonProcessingException e) {
      return NODES.textNode(json);
    }
  }

  static String text(JsonNode node) {
    try {
      return Text.json(MAPPER.writeValueAsString(node));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON nodes could not be written", e);
    }
  }

  static String pretty(JsonNode node) {
    return node.isTextual() ? node.textValue() : node.toPrettyString();
  }
}
