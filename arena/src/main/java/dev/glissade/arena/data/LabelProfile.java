package dev.glissade.arena.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the first pass over a table learns of the label column. Labels that are all numbers are
 * compared exactly, as numbers ("1" and "1.0" are one class), others as text.
 */
final class LabelProfile {
  static final int MAX_CLASSES = 1000;

  private final int column;
  private final Map<String, Integer> counts = new LinkedHashMap<>();
  private boolean tooMany;
  private boolean fractions;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private double sum;
  private long rows;
  private ColumnProfile.@Nullable Place firstText;

  LabelProfile(int column) {
    this.column = column;
  }

  /**
   * Adds the label of a row; the first row's comes last, because it may be the column's name.
   *
   * @return whether the label is not known to be the same as an earlier one
   */
  boolean add(TableRow row) {
    rows++;
    double x = row.number(column);
    if (Double.isNaN(x) || Math.abs(x) > Float.MAX_VALUE) {
      if (firstText == null || row.line(column) < firstText.line()) {
        firstText = new ColumnProfile.Place(row.line(column), row.text(column));
      }
    } else {
      min = Math.min(min, x);
      max = Math.max(max, x);
      sum += x;
      fractions |= x != Math.rint(x);
    }
    if (tooMany) {
      return true;
    }
    String label = row.text(column);
    Integer count = counts.get(label);
    if (count == null && counts.size() == MAX_CLASSES) {
      tooMany = true;
    } else {
      counts.put(label, count == null ? 1 : count + 1);
    }
    return count == null;
  }

  /**
   * The class names in order, the number of rows of each, and the class of each spelling.
   *
   * @param numbers whether all names are numbers
   */
  record Classes(List<String> names, int[] counts, Map<String, Integer> classOf, boolean numbers) {

    long singles() {
      long singles = 0;
      for (int count : counts) {
        singles += count == 1 ? 1 : 0;
      }
      return singles;
    }

    boolean areDates() {
      return names.stream().noneMatch(name -> DateFormat.all(name).isEmpty());
    }

    boolean has(String label) {
      Optional<Decimal> number = numbers ? Decimal.of(label) : Optional.empty();
      return number.isEmpty()
          ? classOf.containsKey(label)
          : names.stream().map(Decimal::of).anyMatch(number::equals);
    }
  }

  /** Returns the classes of the labels so far: of the first 1,000 different ones. */
  Classes classes() {
    Map<Object, List<String>> groups = groups();
    List<String> names = new ArrayList<>();
    Map<String, Integer> classOf = new LinkedHashMap<>();
    int[] sizes = new int[groups.size()];
    for (List<String> group : groups.values()) {
      for (String label : group) {
        classOf.put(label, names.size());
        sizes[names.size()] += Objects.requireNonNull(counts.get(label));
      }
      names.add(group.stream().min(Comparator.comparingInt(String::length)).orElseThrow());
    }
    return new Classes(
        names, sizes, classOf, groups.keySet().stream().allMatch(Decimal.class::isInstance));
  }

  private Map<Object, List<String>> groups() {
    Map<String, Decimal> numbers = new LinkedHashMap<>();
    for (String label : counts.keySet()) {
      Decimal.of(label).ifPresent(number -> numbers.put(label, number));
    }
    boolean numeric = numbers.size() == counts.size();
    Map<Object, List<String>> groups = new TreeMap<>();
    for (String label : counts.keySet()) {
      Object key = numeric ? Objects.requireNonNull(numbers.get(label)) : label;
      groups.computeIfAbsent(key, k -> new ArrayList<>()).add(label);
    }
    return groups;
  }

  boolean hasTooManyClasses() {
    return tooMany;
  }

  /** Returns whether some number is not whole. */
  boolean hasFractions() {
    return fractions;
  }

  /** Returns whether all labels are numbers within the range of float32. */
  boolean isNumeric() {
    return firstText == null;
  }

  ColumnProfile.@Nullable Place firstText() {
    return firstText;
  }

  long rows() {
    return rows;
  }

  double min() {
    return min;
  }

  double max() {
    return max;
  }

  double mean() {
    return sum / rows;
  }
}
