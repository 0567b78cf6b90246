package dev.glissade.arena.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** Reads a table row by row. Lines and columns of its sentences are counted from 1. */
final class CsvReader {
  private static final int BYTES_PER_NUMBER = 24;

  private final String file;
  private final CSVParser parser;
  private final CsvText text;
  private final Iterator<CSVRecord> records;
  private double[] values = new double[1024];
  private int rows;
  private long lastLine;

  private CsvReader(String file, CSVParser parser, CsvText text) {
    this.file = file;
    this.parser = parser;
    this.text = text;
    this.records = parser.iterator();
  }

  static Table read(String file, InputStream in, @Nullable String label) throws IOException {
    CsvText text = new CsvText(file, in);
    CSVFormat format =
        CSVFormat.RFC4180
            .builder()
            .setDelimiter(text.delimiter())
            .setIgnoreEmptyLines(true)
            .setIgnoreSurroundingSpaces(true)
            .get();
    try (CSVParser parser = CSVParser.builder().setReader(text).setFormat(format).get()) {
      return new CsvReader(file, parser, text).table(label);
    }
  }

  /** A record with the line in which it ends. */
  private record Row(List<String> fields, long lastLine) {

    /** The line in which a field begins: a quoted field may hold line breaks. */
    long line(int field) {
      return lastLine - fields.subList(field, fields.size()).stream().mapToLong(Row::breaks).sum();
    }

    private static long breaks(String field) {
      return field.indexOf('\n') < 0 && field.indexOf('\r') < 0
          ? 0
          : field.split("\r\n|\r|\n", -1).length - 1;
    }
  }

  private Table table(@Nullable String label) throws IOException {
    Row first = next();
    if (first == null) {
      throw new DataException(file + " is empty: a table needs at least 2 rows");
    }
    if (first.fields().size() < 2) {
      throw new DataException(
          "%s line %d: a table needs at least 2 columns with a comma, semicolon or tab between: %s"
              .formatted(file, first.line(0), Text.quote(first.fields().get(0))));
    }
    Row second = next();
    CsvLayout layout =
        CsvLayout.of(file, label, first.fields(), second == null ? null : second.fields());
    ClassIndex classes = new ClassIndex(file + " " + layout.column(layout.label()));
    if (!layout.hasHeader()) {
      add(first, first, layout, classes);
    }
    for (Row row = second; row != null; row = next()) {
      add(row, first, layout, classes);
    }
    return finished(layout, classes);
  }

  private Table finished(CsvLayout layout, ClassIndex index) {
    if (rows < 2) {
      throw new DataException(
          "%s: a table needs at least 2 rows%s: %d"
              .formatted(file, layout.hasHeader() ? " under its header" : "", rows));
    }
    ClassIndex.Classes classes = index.classes();
    int features = layout.columns() - 1;
    return new Table(
        file,
        layout.featureNames(),
        classes.names(),
        features,
        Arrays.copyOf(values, rows * features),
        classes.labels(),
        Standardization.COLUMNS);
  }

  private void add(Row row, Row first, CsvLayout layout, ClassIndex classes) {
    List<String> fields = row.fields();
    if (fields.size() != layout.columns()) {
      throw new DataException(
          "%s line %d: %d columns are needed, as in line %d: %d"
              .formatted(file, row.line(0), layout.columns(), first.line(0), fields.size()));
    }
    int at = reserve(layout.columns() - 1);
    for (int column = 0; column < fields.size(); column++) {
      String field = fields.get(column);
      if (column != layout.label()) {
        values[at++] = number(field, row, column, layout);
      } else if (field.isEmpty() || field.equalsIgnoreCase("nan")) {
        throw refused(row, column, layout, "a label is needed: " + Text.quote(field));
      } else {
        classes.add(field);
      }
    }
    rows++;
  }

  private double number(String field, Row row, int column, CsvLayout layout) {
    OptionalDouble number = Field.number(field);
    if (number.isEmpty() || Math.abs(number.getAsDouble()) > Float.MAX_VALUE) {
      throw refused(row, column, layout, Field.complaint(field));
    }
    return number.getAsDouble();
  }

  private DataException refused(Row row, int column, CsvLayout layout, String complaint) {
    return new DataException(
        "%s line %d, %s: %s".formatted(file, row.line(column), layout.column(column), complaint));
  }

  /** Where the next row's numbers begin; makes room for them. */
  private int reserve(int features) {
    long needed = (rows + 1L) * features;
    if (needed > values.length) {
      Inputs.checkMemory(file, needed, BYTES_PER_NUMBER);
      values = Arrays.copyOf(values, (int) Math.min(Integer.MAX_VALUE - 16, 2 * needed));
    }
    return rows * features;
  }

  private @Nullable Row next() throws IOException {
    try {
      if (!records.hasNext()) {
        return null;
      }
      CSVRecord record = records.next();
      text.endOfRecord();
      List<String> fields = Stream.of(record.values()).map(String::strip).toList();
      lastLine = parser.getCurrentLineNumber();
      return new Row(fields, lastLine);
    } catch (UncheckedIOException e) {
      IOException cause = e.getCause();
      if (cause instanceof CSVException) {
        throw badQuote(cause);
      }
      throw cause;
    }
  }

  private DataException badQuote(IOException cause) {
    if (String.valueOf(cause.getMessage()).contains("EOF")) {
      return new DataException(
          "%s: a quote that opens after line %d is never closed".formatted(file, lastLine), cause);
    }
    return new DataException(
        "%s line %d: quotes go around a whole field and are doubled inside it (RFC 4180)"
            .formatted(file, parser.getCurrentLineNumber()),
        cause);
  }
}
