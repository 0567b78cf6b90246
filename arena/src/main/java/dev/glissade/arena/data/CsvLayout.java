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

  /** Returns the layout for messages while nothing is decided: text above seems to be names. */
  CsvLayout assumed() {
    return header == Header.AUTO && isMostlyText(first, label) ? with(Header.YES) : this;
  }

  /** Returns the name of a column as users write it in options: its name or its index. */
  String option(int column) {
    String name = first.get(column);
    boolean named =
        Field.number(name).isEmpty()
            && first.indexOf(name) == first.lastIndexOf(name)
            && Text.quote(name).equals('"' + name + '"')
            && hasHeader();
    return !named ? String.valueOf(column) : name.contains(" ") ? Text.quote(name) : name;
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
      return new CsvLayout(first, last, asked);
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
    return new CsvLayout(first, index.getAsInt(), asked);
  }

  private static boolean byName(String label, Header asked, List<String> first, int index) {
    return asked == Header.YES
        || isMostlyText(first, -1)
        || (first.indexOf(label) != index && HeaderEvidence.counts(first));
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

  /**
   * Returns the index of a column that an option names, once the header is decided: by name, or by
   * index from 0 or from the end.
   */
  int find(String file, String option, String column) {
    int named = hasHeader() ? first.indexOf(column) : -1;
    if (named >= 0 && named != first.lastIndexOf(column)) {
      throw new DataException(
          "%s: %s must name a column that is there once, but columns %d and %d are called %s: pass its index"
              .formatted(
                  file, option, named + 1, first.lastIndexOf(column) + 1, Text.quote(column)));
    }
    OptionalInt index = named >= 0 ? OptionalInt.of(named) : index(column, first.size());
    return index.orElseThrow(() -> {
      String nearest =
          Names.nearest(column, first)
              .filter(name -> hasHeader())
              .map(name -> "; the nearest is " + Text.quote(name))
              .orElse(hasHeader() ? "; the columns are " + Reading.some(first) : "");
      return new DataException(
          "%s: %s must name a column or its index from 0 to %d, but was %s%s"
              .formatted(file, option, first.size() - 1, Text.quote(column), nearest));
    });
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
            .orElseGet(() -> "; the columns are " + Reading.some(first));
    return new DataException("%s has no column %s%s".formatted(file, Text.quote(label), remedy));
  }
}
