package dev.glissade.arena.data;

import dev.glissade.arena.text.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the different labels as classes. Labels that are all numbers are compared exactly, as
 * numbers ("1" and "1.0" are one class), others as text. The first row's label is added last,
 * because it may be the column's name.
 */
final class ClassIndex {
  static final int MAX_CLASSES = 1000;
  private static final int FEW_CLASSES = 20;

  private final String column;
  private final String remedy;
  private final Map<String, Integer> seen = new LinkedHashMap<>();
  private int[] ids = new int[64];
  private int size;

  /**
   * @param column the file and label column, as the subject of a sentence
   * @param remedy the end of an error that says that these values are not classes
   */
  ClassIndex(String column, String remedy) {
    this.column = column;
    this.remedy = remedy;
  }

  /** Adds the label of a row below the first. */
  void add(String label) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
    }
    ids[size++] = id(label);
  }

  private int id(String label) {
    Integer id = seen.get(label);
    if (id != null) {
      return id;
    }
    if (seen.size() == MAX_CLASSES) {
      throw new DataException(
          "%s must have at most %d different values to be a column of classes, but had more%s"
              .formatted(column, MAX_CLASSES, remedy));
    }
    seen.put(label, seen.size());
    return seen.size() - 1;
  }

  /**
   * The class names in order, the class of each row, and the number of rows of each class.
   *
   * @param numbers whether all names are numbers
   */
  record Classes(List<String> names, int[] labels, int[] counts, boolean numbers) {

    long singles() {
      return Arrays.stream(counts).filter(count -> count == 1).count();
    }

    boolean has(String label) {
      Optional<Decimal> number = numbers ? Decimal.of(label) : Optional.empty();
      return number.isEmpty()
          ? names.contains(label)
          : names.stream().map(Decimal::of).anyMatch(number::equals);
    }
  }

  /** Returns the classes of all rows but the first, unchecked. */
  Classes rest() {
    return classes(null);
  }

  /**
   * Returns the classes to learn.
   *
   * @param first the first row's label; null if that row is a header
   * @throws DataException if there is only one class, or if there are more than 20 and most rows
   *     have a class of their own
   */
  Classes checked(String column, @Nullable String first) {
    Classes classes = classes(first);
    int rows = classes.labels().length;
    int different = classes.names().size();
    if (different == 1) {
      throw new DataException(
          "%s must have at least 2 different values, but every row has %s"
              .formatted(column, Text.quote(classes.names().get(0))));
    }
    if (different > FEW_CLASSES && 2L * different > rows) {
      throw new DataException(
          "%s must repeat its values to be a column of classes, but had %d different values in %d rows%s"
              .formatted(column, different, rows, remedy));
    }
    return classes;
  }

  private Classes classes(@Nullable String first) {
    int firstId = first == null ? -1 : id(first);
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
    int before = first == null ? 0 : 1;
    int[] labels = new int[size + before];
    Arrays.setAll(labels, i -> classOf[i < before ? firstId : ids[i - before]]);
    int[] counts = new int[names.size()];
    for (int label : labels) {
      counts[label]++;
    }
    return new Classes(
        names, labels, counts, groups.keySet().stream().allMatch(Decimal.class::isInstance));
  }

  private Map<Object, List<Integer>> groups() {
    Map<String, Decimal> numbers = new LinkedHashMap<>();
    for (String label : seen.keySet()) {
      Decimal.of(label).ifPresent(number -> numbers.put(label, number));
    }
    boolean numeric = numbers.size() == seen.size();
    Map<Object, List<Integer>> groups = new TreeMap<>();
    seen.forEach((label, id) -> {
      Object key = numeric ? numbers.get(label) : label;
      groups.computeIfAbsent(key, k -> new ArrayList<>()).add(id);
    });
    return groups;
  }
}
