package dev.glissade.arena.data;

import dev.glissade.arena.text.Text;
import dev.glissade.catalog.Names;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a table, as its first row gives them.
 *
 * @param first the first row
 * @param label the index of the label column
 * @param header whether the first row is a header; AUTO while that depends on the other rows
 */
record CsvLayout(List<String> first, int label, Header header) {

  /** Returns the number of fields of a row. */
  int columns() {
    return first.size();
  }

  CsvLayout with(Header decided) {
    return new CsvLayout(first, label, decided);
  }

  boolean hasHeader() {
    return header == Header.YES;
  }

  /** Names a column in a message: its number from 1, and its name if it has one. */
  String column(int index) {
    String place = "column " + (index + 1);
    return hasHeader() ? place + " (" + Text.quote(first.get(index)) + ")" : place;
  }

  /** Returns the end of an error: the option that makes a column, the subject, the label column. */
  String remedy(int column, String subject) {
    String name = first.get(column);
    boolean named =
        Field.number(name).isEmpty()
            && first.indexOf(name) == first.lastIndexOf(name)
            && Text.quote(name).equals('"' + name + '"')
            && hasHeader();
    String value = !named ? String.valueOf(column) : name.contains(" ") ? Text.quote(name) : name;
    return "; if " + subject + " is the label column, give --label " + value;
  }

  /** Returns the index of a feature's column. */
  int columnOf(int feature) {
    return feature < label ? feature : feature + 1;
  }

  /** Returns the names of all columns but the label column; empty without a header. */
  List<String> featureNames() {
    return hasHeader()
        ? IntStream.range(0, columns()).filter(i -> i != label).mapToObj(first::get).toList()
        : List.of();
  }

  /**
   * Finds the label column. A name takes precedence over an index if the first row is certainly a
   * header.
   *
   * @param label the label column as the user wrote it; null for the last column
   * @param asked what the user says about the header
   */
  static CsvLayout of(String file, @Nullable String label, Header asked, List<String> first) {
    if (label == null) {
      int last = first.size() - 1;
      return new CsvLayout(first, last, decided(asked, first, last));
    }
    OptionalInt index = index(label, first.size());
    boolean named = asked != Header.NO && first.contains(label);
    if (named && (index.isEmpty() || byName(label, asked, first, index.getAsInt()))) {
      if (first.indexOf(label) != first.lastIndexOf(label)) {
        throw new DataException(
            "%s: the label column %s must be named once, but columns %d and %d have this name: pass its index"
                .formatted(
                    file,
                    Text.quote(label),
                    first.indexOf(label) + 1,
                    first.lastIndexOf(label) + 1));
      }
      return new CsvLayout(first, first.indexOf(label), Header.YES);
    }
    if (index.isEmpty()) {
      throw unknown(file, label, first, asked);
    }
    return new CsvLayout(first, index.getAsInt(), decided(asked, first, index.getAsInt()));
  }

  private static boolean byName(String label, Header asked, List<String> first, int index) {
    return asked == Header.YES
        || isMostlyText(first, -1)
        || (first.indexOf(label) != index && HeaderEvidence.counts(first));
  }

  private static Header decided(Header asked, List<String> first, int label) {
    return asked == Header.AUTO && isMostlyText(first, label) ? Header.YES : asked;
  }

  private static boolean isMostlyText(List<String> first, int label) {
    long texts =
        IntStream.range(0, first.size())
            .filter(i -> i != label && Field.isText(first.get(i)))
            .count();
    int others = label < 0 ? first.size() : first.size() - 1;
    return 2 * texts >= Math.max(others, 1);
  }

  /** Returns the column of a whole number; empty for a name or a number out of range. */
  private static OptionalInt index(String label, int columns) {
    if (!label.matches("[+-]?\\d{1,9}")) {
      return OptionalInt.empty();
    }
    int index = Integer.parseInt(label);
    int column = index < 0 ? index + columns : index;
    return column >= 0 && column < columns ? OptionalInt.of(column) : OptionalInt.empty();
  }

  private static DataException unknown(
      String file, String label, List<String> first, Header asked) {
    String range =
        "an index from 0 to " + (first.size() - 1) + ", or from the end down to -" + first.size();
    if (label.matches("[+-]?\\d+")) {
      return new DataException(
          "%s: the label column must be %s, but was %s".formatted(file, range, Text.quote(label)));
    }
    Optional<String> nearest = Names.nearest(label, first);
    boolean seemsNone = asked == Header.AUTO && !isMostlyText(first, -1) && nearest.isEmpty();
    if (asked == Header.NO || seemsNone) {
      return new DataException(
          "%s has no header row: the label column must be %s, but was %s"
              .formatted(file, range, Text.quote(label)));
    }
    String remedy =
        nearest
            .map(name -> "; the nearest is " + Text.quote(name))
            .orElseGet(() -> ", only " + Reading.some(first));
    return new DataException("%s has no column %s%s".formatted(file, Text.quote(label), remedy));
  }
}
