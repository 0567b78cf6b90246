package dev.glissade.arena.data;

import dev.glissade.arena.text.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Describes what was read from a table and warns of what is doubtful.
 *
 * @param values the numbers, row by row
 * @param blankRows the number of rows without a value, which were skipped
 * @param emptyEnds the number of rows whose empty fields at the end were ignored
 * @param rounded the index of a column with a whole number that no double equals; -1 for none
 */
record TableReading(
    String file,
    CsvLayout layout,
    ClassIndex.Classes classes,
    double[] values,
    int blankRows,
    int emptyEnds,
    int rounded) {
  private static final int MANY_CLASSES = 20;
  private static final int COUNTED_ROWS = 10;

  /**
   * Returns the description and the warnings.
   *
   * @param headerDoubt a warning about the header, or null
   */
  Reading reading(@Nullable String headerDoubt) {
    String read =
        String.format(
            Locale.ROOT,
            "%s: %,d rows of %,d features, %s; the label is %s; header: %s",
            file,
            rows(),
            features(),
            Reading.classes(classes.names()),
            layout.column(layout.label()),
            layout.hasHeader() ? "yes" : "no");
    List<String> doubts = new ArrayList<>();
    if (headerDoubt != null) {
      doubts.add(headerDoubt);
    }
    addLeftOut(doubts);
    addClasses(doubts);
    addColumns(doubts);
    return new Reading(read, doubts);
  }

  private int rows() {
    return classes.labels().length;
  }

  private int features() {
    return layout.columns() - 1;
  }

  private void addLeftOut(List<String> doubts) {
    if (blankRows > 0) {
      doubts.add("skipped rows without any value: " + blankRows);
    }
    if (emptyEnds > 0) {
      doubts.add(
          "ignored empty columns at the end of rows: "
              + emptyEnds
              + (emptyEnds == 1 ? " row" : " rows"));
    }
  }

  private void addClasses(List<String> doubts) {
    List<String> names = classes.names();
    List<String> single =
        IntStream.range(0, names.size())
            .filter(i -> classes.counts()[i] == 1)
            .mapToObj(names::get)
            .toList();
    if (!single.isEmpty()) {
      doubts.add("classes with a single row: " + Reading.some(single));
    }
    boolean fractions =
        classes.numbers()
            && names.stream()
                .map(Field::number)
                .mapToDouble(OptionalDouble::getAsDouble)
                .anyMatch(x -> x != Math.rint(x));
    if (fractions || (classes.numbers() && names.size() > MANY_CLASSES)) {
      doubts.add(
          "each of %d numbers is a class of its own: glissade does not do regression"
              .formatted(names.size()));
    } else if (names.size() > MANY_CLASSES) {
      doubts.add("the label column has many classes: " + names.size());
    }
    Map<String, List<String>> alike = new LinkedHashMap<>();
    names.forEach(
        name -> alike.computeIfAbsent(Text.looks(name), k -> new ArrayList<>()).add(name));
    alike.values().stream()
        .filter(same -> same.size() > 1)
        .findFirst()
        .ifPresent(same -> doubts.add("classes that look alike: " + Reading.some(same)));
  }

  private void addColumns(List<String> doubts) {
    List<Integer> constant = new ArrayList<>();
    int index = -1;
    for (int feature = 0; feature < features(); feature++) {
      if (isConstant(feature)) {
        constant.add(layout.columnOf(feature));
      } else if (index < 0 && countsRows(feature)) {
        index = layout.columnOf(feature);
      }
    }
    if (!constant.isEmpty()) {
      doubts.add(
          "constant columns, which teach nothing: %d, such as %s"
              .formatted(constant.size(), layout.column(constant.get(0))));
    }
    if (index >= 0) {
      doubts.add(layout.column(index) + " counts the rows: if it is an index, remove it");
    }
    if (rounded >= 0) {
      doubts.add(
          layout.column(rounded)
              + " has whole numbers of more than 16 digits, which are rounded to doubles");
    }
  }

  private double value(int row, int feature) {
    return values[row * features() + feature];
  }

  private boolean isConstant(int feature) {
    return IntStream.range(1, rows()).allMatch(i -> value(i, feature) == value(0, feature));
  }

  private boolean countsRows(int feature) {
    double first = value(0, feature);
    return rows() >= COUNTED_ROWS
        && (first == 0 || first == 1)
        && IntStream.range(1, rows()).allMatch(i -> value(i, feature) == first + i);
  }
}
