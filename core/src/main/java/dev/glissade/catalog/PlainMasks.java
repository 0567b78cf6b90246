package dev.glissade.catalog;

import dev.glissade.combine.PathLabels;
import dev.glissade.combine.PathMask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Makes masks and labels of leaves from plain values. */
final class PlainMasks {
  private PlainMasks() {}

  /** Reads a list of patterns, or an object with true or false for each path. */
  static Predicate<String> mask(String where, Object plain) {
    List<String> patterns = new ArrayList<>();
    if (plain instanceof List<?> list) {
      for (Object element : list) {
        if (!(element instanceof String pattern)) {
          throw PlainReader.wrong(where, "must contain path patterns", element);
        }
        patterns.add(pattern);
      }
      return new PathMask(patterns);
    }
    if (plain instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> leaf : map.entrySet()) {
        if (!(leaf.getValue() instanceof Boolean accepted)) {
          throw PlainReader.wrong(where, "must be true or false for each path", leaf.getValue());
        }
        if (accepted) {
          patterns.add(String.valueOf(leaf.getKey()));
        }
      }
      return new PathMask(patterns);
    }
    throw PlainReader.wrong(where, "must be a list of path patterns", plain);
  }

  /** Reads an object with a label for each pattern. */
  static PathLabels labels(String where, Object plain) {
    if (!(plain instanceof Map<?, ?> map)) {
      throw PlainReader.wrong(where, "must be an object with a label for each path pattern", plain);
    }
    Map<String, String> strings = new LinkedHashMap<>();
    map.forEach((key, value) -> strings.put(String.valueOf(key), String.valueOf(value)));
    return new PathLabels(strings);
  }
}
