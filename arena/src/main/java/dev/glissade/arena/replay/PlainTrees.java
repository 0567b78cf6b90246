package dev.glissade.arena.replay;

import dev.glissade.DType;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.checkpoint.json.Json;
import dev.glissade.records.Records;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and writes trees in the form of case files. */
final class PlainTrees {
  private PlainTrees() {}

  static List<@Nullable Object> list(@Nullable Object plain) {
    return new ArrayList<>(Records.children(plain).values());
  }

  /** Returns the tree that a case file writes as path to shape and numbers. */
  static Tree tree(@Nullable Object plain, DType real) {
    if (!(plain instanceof Map)) {
      throw new IllegalArgumentException(
          "a tree must be an object of path to shape and numbers, but was "
              + Json.PYTHON.write(plain));
    }
    return Tree.of(Records.children(plain, (path, leaf) -> tensor(path, leaf, real)));
  }

  private static Tensor tensor(String path, @Nullable Object leaf, DType real) {
    Map<String, @Nullable Object> parts = Records.children(leaf);
    int[] shape =
        list(parts.get("shape")).stream()
            .mapToInt(length -> length instanceof Number number ? number.intValue() : 0)
            .toArray();
    try {
      if (parts.containsKey("imag")) {
        Tensor re = Tensor.of(real, numbers(path, parts.get("real")), shape);
        return Tensor.complex(re, Tensor.of(real, numbers(path, parts.get("imag")), shape));
      }
      return Tensor.of(real, numbers(path, parts.get("data")), shape);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("\"" + path + "\": " + e.getMessage(), e);
    }
  }

  static double[] numbers(String path, @Nullable Object plain) {
    if (!(plain instanceof List<?> list)) {
      throw new IllegalArgumentException(
          "\"" + path + "\" must be a list of numbers, but was " + Json.PYTHON.write(plain));
    }
    double[] numbers = new double[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!(list.get(i) instanceof Number number)) {
        throw new IllegalArgumentException(
            "\"" + path + "\" must have numbers only, but had " + Json.PYTHON.write(list.get(i)));
      }
      numbers[i] = number.doubleValue();
    }
    return numbers;
  }

  /** Returns a tree in the form of the case file. */
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
