package dev.glissade.arena.data;

import dev.glissade.arena.text.Text;

/**
 * Requires that all rows have as many columns as the first. Fields without a value at the end of a
 * row do not count.
 */
final class RowWidth {
  private final String file;
  private final int columns;
  private final int firstSize;
  private final long firstLine;
  private int emptyEnds;

  /**
   * @param columns the number of columns of the first row without empty ones at its end
   */
  RowWidth(String file, TableRow first, int columns) {
    this.file = file;
    this.columns = columns;
    this.firstSize = first.size();
    this.firstLine = first.line(0);
  }

  /** Returns the number of columns of a first row without those that are empty in it and below. */
  static int withoutEmptyEnd(TableRow first, TableRow second) {
    int columns = first.size();
    while (columns > 2
        && first.isEmpty(columns - 1)
        && (second.size() < columns || second.isEmpty(columns - 1))) {
      columns--;
    }
    return columns;
  }

  void check(TableRow row) {
    int size = row.size();
    if (size == columns) {
      return;
    }
    boolean emptyEnd = size > columns;
    for (int column = columns; column < size; column++) {
      if (row.isEmpty(column)) {
        continue;
      }
      emptyEnd = false;
      if (firstSize > columns) {
        throw new DataException(
            "%s line %d, column %d must be empty as in line %d, but was %s"
                .formatted(
                    file, row.line(column), column + 1, firstLine, Text.quote(row.text(column))));
      }
    }
    if (!emptyEnd) {
      throw new DataException(
          "%s line %d must have %d columns as line %d has, but had %d"
              .formatted(file, row.line(0), columns, firstLine, size));
    }
    emptyEnds++;
  }

  /** Returns the number of rows whose empty fields at the end were ignored. */
  int emptyEnds() {
    return emptyEnds;
  }
}
