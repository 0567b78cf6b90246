package dev.glissade.arena.data;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the first rows say about a table.
 *
 * @param names the header's names, empty without a header
 * @param columns how many fields a row has
 * @param label the index of the label column
 */
record CsvLayout(List<String> names, int columns, int label) {

  boolean hasHeader() {
    return !names.isEmpty();
  }

  /** A column's place for a reader: counted from 1, with its name where it has one. */
  String column(int index) {
    String place = "column " + (index + 1);
    return hasHeader() ? place + " (" + Text.quote(names.get(index)) + ")" : place;
  }

  /** The names of the columns outside of the label column; empty without a header. */
  List<String> featureNames() {
    return IntStream.range(0, names.size()).filter(i -> i != label).mapToObj(names::get).toList();
  }

  static CsvLayout of(
      String file, @Nullable String label, List<String> first, @Nullable List<String> second) {
    int columns = first.size();
    if (label == null) {
      return resolved(columns - 1, first, second);
    }
    OptionalInt index = index(label, columns);
    if (index.isPresent()) {
      CsvLayout byIndex = resolved(index.getAsInt(), first, second);
      if (!byIndex.names().contains(label)) {
        return byIndex;
      }
    }
    boolean header = index.isEmpty() || isHeader(-1, first, second);
    int found = header ? first.indexOf(label) : -1;
    if (found < 0) {
      throw unknown(file, label, first, isHeader(-1, first, second));
    }
    if (found != first.lastIndexOf(label)) {
      throw new DataException(
          "%s: the label column %s is named twice, in columns %d and %d: give its index"
              .formatted(file, Text.quote(label), found + 1, first.lastIndexOf(label) + 1));
    }
    return new CsvLayout(first, columns, found);
  }

  private static CsvLayout resolved(int label, List<String> first, @Nullable List<String> second) {
    boolean header = isHeader(label, first, second);
    return new CsvLayout(header ? first : List.of(), first.size(), label);
  }

  private static boolean isHeader(int label, List<String> first, @Nullable List<String> second) {
    long texts =
        IntStream.range(0, first.size())
            .filter(i -> i != label && Field.isText(first.get(i)))
            .count();
    int others = label < 0 ? first.size() : first.size() - 1;
    return 2 * texts >= Math.max(others, 1) || namesTheLabel(label, first, second);
  }

  private static boolean namesTheLabel(
      int label, List<String> first, @Nullable List<String> second) {
    return label >= 0
        && second != null
        && label < second.size()
        && Field.isText(first.get(label))
        && Field.number(second.get(label)).isPresent();
  }

  /** The column that a whole number points to; empty for a name or a number out of range. */
  private static OptionalInt index(String label, int columns) {
    if (!label.matches("[+-]?\\d{1,9}")) {
      return OptionalInt.empty();
    }
    int index = Integer.parseInt(label);
    int column = index < 0 ? index + columns : index;
    return column >= 0 && column < columns ? OptionalInt.of(column) : OptionalInt.empty();
  }

  private static DataException unknown(
      String file, String label, List<String> first, boolean header) {
    String range =
        "an index from 0 to " + (first.size() - 1) + ", or from the end down to -" + first.size();
    if (label.matches("[+-]?\\d+")) {
      return new DataException(
          "%s: the label column needs %s: %s".formatted(file, range, Text.quote(label)));
    }
    if (!header) {
      return new DataException(
          "%s has no header row: the label column needs %s: %s"
              .formatted(file, range, Text.quote(label)));
    }
    return new DataException(
        "%s has no column %s; the nearest is %s"
            .formatted(file, Text.quote(label), Text.quote(Text.nearest(label, first))));
  }
}
