package dev.glissade.arena.data;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The rows of a file whose columns are matched with those of an encoding. */
final class MatchedRows implements Closeable {
  private final CsvRows rows;
  private final Deque<TableRow> ahead;
  private final RowWidth width;
  private final ColumnMatch match;

  private MatchedRows(CsvRows rows, Deque<TableRow> ahead, RowWidth width, ColumnMatch match) {
    this.rows = rows;
    this.ahead = ahead;
    this.width = width;
    this.match = match;
  }

  /**
   * Opens a file and matches its columns.
   *
   * @param header what the user says about the first row
   */
  static MatchedRows open(Source source, Encoding encoding, Header header) throws IOException {
    CsvRows rows = CsvRows.open(source);
    try {
      return matched(source.name(), rows, encoding, header);
    } catch (IOException | RuntimeException e) {
      rows.close();
      throw e;
    }
  }

  private static MatchedRows matched(String file, CsvRows rows, Encoding encoding, Header header)
      throws IOException {
    TableRow first = rows.next();
    if (first == null) {
      throw new DataException(file + " must have at least 1 row, but is empty");
    }
    Deque<TableRow> ahead = new ArrayDeque<>();
    ahead.add(first.copy());
    TableRow second = rows.next();
    if (second != null) {
      ahead.add(second.copy());
    }
    int columns = RowWidth.withoutEmptyEnd(ahead.getFirst(), ahead.getLast());
    ColumnMatch match = ColumnMatch.of(file, encoding, ahead.getFirst(), columns, header);
    RowWidth width = new RowWidth(file, ahead.getFirst(), columns);
    if (match.header()) {
      ahead.removeFirst();
    }
    return new MatchedRows(rows, ahead, width, match);
  }

  ColumnMatch match() {
    return match;
  }

  /** Returns the next row, which the next call overwrites; null at the end. */
  @Nullable TableRow next() throws IOException {
    TableRow row = ahead.isEmpty() ? rows.next() : ahead.removeFirst();
    if (row != null) {
      width.check(row);
    }
    return row;
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
