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
  private final @Nullable String headerDoubt;

  private MatchedRows(
      CsvRows rows,
      Deque<TableRow> ahead,
      RowWidth width,
      ColumnMatch match,
      @Nullable String headerDoubt) {
    this.rows = rows;
    this.ahead = ahead;
    this.width = width;
    this.match = match;
    this.headerDoubt = headerDoubt;
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
    boolean unexpected = match.header() && !((Encoding.Columns) encoding.inputs()).header();
    String doubt =
        unexpected && header == Header.AUTO
            ? "skipped the first row, which seems to name the columns: %s; if it is data, pass --header no"
                .formatted(Reading.some(match.names()))
            : null;
    return new MatchedRows(rows, ahead, width, match, doubt);
  }

  ColumnMatch match() {
    return match;
  }

  /** Returns a warning about a first row that was skipped as a header; null if there is none. */
  @Nullable String headerDoubt() {
    return headerDoubt;
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
