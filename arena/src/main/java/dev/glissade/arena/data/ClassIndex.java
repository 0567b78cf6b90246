package dev.glissade.arena.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Gives each different label a class number. Labels that are all numbers are ordered and told apart
 * as numbers ("1" and "1.0" are one class), others as text.
 */
final class ClassIndex {
  static final int MAX_CLASSES = 1000;
  private static final int FEW_CLASSES = 20;

  private final String column;
  private final Map<String, Integer> seen = new LinkedHashMap<>();
  private int[] ids = new int[64];
  private int size;

  /**
   * @param column the file and label column, as the subject of a sentence
   */
  ClassIndex(String column) {
    this.column = column;
  }

  void add(String label) {
    Integer id = seen.get(label);
    if (id == null) {
      id = seen.size();
      seen.put(label, id);
      if (id == MAX_CLASSES) {
        throw new DataException(
            "%s holds no classes: at most %d different values are allowed, row %d brings one more"
                .formatted(column, MAX_CLASSES, size + 1));
      }
    }
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
    }
    ids[size++] = id;
  }

  /** Class names in order, and the class of each label added. */
  record Classes(List<String> names, int[] labels) {}

  Classes classes() {
    Map<Object, List<Integer>> groups = groups();
    List<String> spellings = List.copyOf(seen.keySet());
    List<String> names = new ArrayList<>();
    int[] classOf = new int[seen.size()];
    for (List<Integer> group : groups.values()) {
      for (int id : group) {
        classOf[id] = names.size();
      }
      names.add(
          group.stream()
              .map(spellings::get)
              .min(Comparator.comparingInt(String::length))
              .orElseThrow());
    }
    check(names);
    int[] labels = new int[size];
    Arrays.setAll(labels, i -> classOf[ids[i]]);
    return new Classes(names, labels);
  }

  private Map<Object, List<Integer>> groups() {
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (String label : seen.keySet()) {
      OptionalDouble number = Field.number(label);
      if (number.isPresent()) {
        numbers.put(label, number.getAsDouble() + 0.0); // -0 becomes 0
      }
    }
    boolean numeric = numbers.size() == seen.size();
    Map<Object, List<Integer>> groups = new TreeMap<>();
    seen.forEach((label, id) -> {
      Object key = numeric ? numbers.get(label) : label;
      groups.computeIfAbsent(key, k -> new ArrayList<>()).add(id);
    });
    return groups;
  }

  private void check(List<String> names) {
    if (names.size() == 1) {
      throw new DataException(
          "%s needs at least 2 different values, every row has the same: %s"
              .formatted(column, Text.quote(names.get(0))));
    }
    if (names.size() > FEW_CLASSES && 2L * names.size() > size) {
      throw new DataException(
          "%s holds no classes: more than %d different values need twice as many rows: %d in %d"
              .formatted(column, FEW_CLASSES, names.size(), size));
    }
  }
}
