package dev.glissade.arena.replay;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.glissade.DType;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A recorded case: an optimizer, parameters, a tree of gradients a step, and what came out.
 *
 * @param optimizer plain values
 * @param expected null where the case records no results
 */
public record CaseFile(
    String name,
    Object optimizer,
    JsonNode params,
    List<JsonNode> gradients,
    @Nullable JsonNode expected) {

  static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * Reads a case.
   *
   * @throws IllegalArgumentException if it is no such file, saying where
   */
  public static CaseFile read(Path file) {
    JsonNode root = parse(file);
    if (!root.isObject()) {
      throw new IllegalArgumentException(
          file + " must be an object of optimizer, params, gradients");
    }
    List<JsonNode> gradients = new ArrayList<>();
    field(file, root, "gradients").forEach(gradients::add);
    String fileName = String.valueOf(file.getFileName()).replaceFirst("\\.json$", "");
    return new CaseFile(
        root.path("name").asText(fileName),
        JSON.convertValue(field(file, root, "optimizer"), Object.class),
        field(file, root, "params"),
        gradients,
        root.hasNonNull("expected") ? root.get("expected") : null);
  }

  private static JsonNode parse(Path file) {
    try {
      return JSON.readTree(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(file + ": there is no such file", e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "%s is not JSON: line %d: %s"
              .formatted(
                  file,
                  e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                  e.getOriginalMessage().lines().findFirst().orElse("")),
          e);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " can't be read: " + e.getMessage(), e);
    }
  }

  private static JsonNode field(Path file, JsonNode root, String name) {
    if (!root.hasNonNull(name)) {
      throw new IllegalArgumentException(file + " has no \"" + name + "\"");
    }
    return root.get(name);
  }

  /** A tree of the file's form: path to shape and numbers. */
  static Tree tree(JsonNode node, DType real) {
    if (!node.isObject()) {
      throw new IllegalArgumentException(
          "a tree must be an object of path to shape and numbers: " + node);
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    node.properties()
        .forEach(leaf -> tensors.put(leaf.getKey(), tensor(leaf.getKey(), leaf, real)));
    return Tree.of(tensors);
  }

  private static Tensor tensor(String path, Map.Entry<String, JsonNode> leaf, DType real) {
    JsonNode value = leaf.getValue();
    int[] shape = new int[value.path("shape").size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = value.get("shape").get(i).asInt();
    }
    try {
      if (value.has("imag")) {
        Tensor re = Tensor.of(real, numbers(path, value.path("real")), shape);
        return Tensor.complex(re, Tensor.of(real, numbers(path, value.path("imag")), shape));
      }
      return Tensor.of(real, numbers(path, value.path("data")), shape);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("\"" + path + "\": " + e.getMessage(), e);
    }
  }

  private static double[] numbers(String path, JsonNode array) {
    if (!array.isArray()) {
      throw new IllegalArgumentException("\"" + path + "\" needs a list of numbers: " + array);
    }
    double[] numbers = new double[array.size()];
    for (int i = 0; i < numbers.length; i++) {
      JsonNode number = array.get(i);
      if (!number.isNumber()) {
        throw new IllegalArgumentException("\"" + path + "\" needs numbers: " + number);
      }
      numbers[i] = number.asDouble();
    }
    return numbers;
  }

  /** The file's form of a tree. */
  static Map<String, Object> plain(Tree tree) {
    Map<String, Object> plain = new LinkedHashMap<>();
    tree.toMap().forEach((path, tensor) -> plain.put(path, plain(tensor)));
    return plain;
  }

  private static Map<String, Object> plain(Tensor tensor) {
    Map<String, Object> plain = new LinkedHashMap<>();
    plain.put("shape", tensor.shape());
    if (tensor.dtype().isComplex()) {
      plain.put("real", tensor.real().toDoubles());
      plain.put("imag", tensor.imaginary().toDoubles());
    } else {
      plain.put("data", tensor.toDoubles());
    }
    return plain;
  }
}
