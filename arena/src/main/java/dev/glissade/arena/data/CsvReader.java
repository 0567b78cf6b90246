package dev.glissade.arena.data;

import dev.glissade.arena.text.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** Reads a table row by row. Error messages count lines and columns from 1. */
final class CsvReader {
  private static final int BYTES_PER_NUMBER = 24;
  private static final int ROWS_TO_SEE = 20;

  private final String file;
  private final CSVParser parser;
  private final CsvText text;
  private final Iterator<CSVRecord> records;

  /** Whether the user named no label column, so that the last column is the label. */
  private final boolean labelAssumed;

  private double[] values = new double[1024];
  private int rows;
  private long lastLine;
  private int blankRows;
  private int emptyEnds;
  private int rounded = -1;

  private CsvReader(String file, CSVParser parser, CsvText text, boolean labelAssumed) {
    this.file = file;
    this.labelAssumed = labelAssumed;
    this.parser = parser;
    this.text = text;
    this.records = parser.iterator();
  }

  static Table read(String file, InputStream in, @Nullable String label, Header header)
      throws IOException {
    CsvText text = new CsvText(file, in);
    CSVFormat format =
        CSVFormat.RFC4180
            .builder()
            .setDelimiter(text.delimiter())
            .setIgnoreEmptyLines(true)
            .setIgnoreSurroundingSpaces(true)
            .get();
    try (CSVParser parser = CSVParser.builder().setReader(text).setFormat(format).get()) {
      return new CsvReader(file, parser, text, label == null).table(label, header);
    }
  }

  /** A record and the line in which it ends. */
  private record Row(List<String> fields, long lastLine) {

    /** Returns the line in which a field begins; a quoted field may hold line breaks. */
    long line(int field) {
      return lastLine - fields.subList(field, fields.size()).stream().mapToLong(Row::breaks).sum();
    }

    private static long breaks(String field) {
      return field.indexOf('\n') < 0 && field.indexOf('\r') < 0
          ? 0
          : field.split("\r\n|\r|\n", -1).length - 1;
    }
  }

  private Table table(@Nullable String label, Header header) throws IOException {
    Row first = next();
    if (first == null) {
      throw new DataException(file + " must have at least 2 rows, but is empty");
    }
    if (first.fields().size() < 2) {
      throw new DataException(
          "%s line %d must have at least 2 columns with a comma, semicolon or tab between, but was %s"
              .formatted(file, first.line(0), Text.quote(first.fields().get(0))));
    }
    Row second = next();
    List<String> named = withoutEmptyEnd(first.fields(), second == null ? null : second.fields());
    CsvLayout layout = CsvLayout.of(file, label, header, named);
    ClassIndex classes =
        new ClassIndex(file + " " + layout.column(layout.label()), otherLabel(layout));
    for (Row row = second; row != null; row = next()) {
      add(row, first, layout, classes);
    }
    HeaderEvidence.Verdict verdict =
        layout.header() == Header.AUTO
            ? HeaderEvidence.of(layout, classes.rest(), values, rows).verdict()
            : new HeaderEvidence.Verdict(layout.hasHeader(), null);
    CsvLayout decided = layout.with(verdict.header() ? Header.YES : Header.NO);
    return finished(decided, first, classes, verdict.doubt());
  }

  /** Drops empty fields at the end of the first row where the second row is empty, too. */
  private static List<String> withoutEmptyEnd(List<String> first, @Nullable List<String> second) {
    int columns = first.size();
    while (columns > 2
        && first.get(columns - 1).isEmpty()
        && (second == null || second.size() < columns || second.get(columns - 1).isEmpty())) {
      columns--;
    }
    return first.subList(0, columns);
  }

  private Table finished(CsvLayout layout, Row first, ClassIndex index, @Nullable String doubt) {
    int features = layout.columns() - 1;
    int own = layout.hasHeader() ? 0 : 1;
    if (rows + own < 2) {
      throw new DataException(
          "%s must have at least 2 rows%s, but had %d"
              .formatted(file, layout.hasHeader() ? " under its header" : "", rows + own));
    }
    Inputs.checkMemory(file, (rows + (long) own) * features, BYTES_PER_NUMBER);
    double[] all = new double[(rows + own) * features];
    System.arraycopy(values, 0, all, own * features, rows * features);
    String label = null;
    if (!layout.hasHeader()) {
      label = fill(all, 0, first, layout);
    }
    ClassIndex.Classes classes = index.checked(file + " " + layout.column(layout.label()), label);
    TableReading reading =
        new TableReading(file, layout, classes, all, blankRows, emptyEnds, rounded);
    return new Table(
        file,
        layout.featureNames(),
        classes.names(),
        features,
        all,
        classes.labels(),
        Standardization.COLUMNS,
        reading.reading(doubt));
  }

  private void add(Row row, Row first, CsvLayout layout, ClassIndex classes) {
    checkWidth(row, first, layout);
    int at = reserve(layout.columns() - 1);
    classes.add(fill(values, at, row, layout));
    rows++;
  }

  /** Writes a row's numbers; returns its label. */
  private String fill(double[] target, int at, Row row, CsvLayout layout) {
    for (int column = 0; column < layout.columns(); column++) {
      if (column != layout.label()) {
        target[at++] = number(row.fields().get(column), row, column, layout);
      }
    }
    String label = row.fields().get(layout.label());
    if (Field.isNoLabel(label)) {
      throw refused(row, layout.label(), layout, Field.complaintAboutLabel(label));
    }
    if (Field.hidesSomething(label)) {
      throw refused(
          row,
          layout.label(),
          layout,
          "must have no hidden characters, but was " + Text.quote(label) + Text.hidden(label));
    }
    return label;
  }

  private void checkWidth(Row row, Row first, CsvLayout layout) {
    List<String> fields = row.fields();
    int columns = layout.columns();
    if (fields.size() == columns) {
      return;
    }
    for (int column = columns; column < fields.size(); column++) {
      if (!fields.get(column).isEmpty() && first.fields().size() > columns) {
        throw new DataException(
            "%s line %d, column %d must be empty as in line %d, but was %s"
                .formatted(
                    file,
                    row.line(column),
                    column + 1,
                    first.line(0),
                    Text.quote(fields.get(column))));
      }
    }
    boolean emptyEnd = fields.stream().skip(columns).allMatch(String::isEmpty);
    if (fields.size() < columns || !emptyEnd) {
      throw new DataException(
          "%s line %d must have %d columns as line %d has, but had %d"
              .formatted(file, row.line(0), columns, first.line(0), fields.size()));
    }
    emptyEnds++;
  }

  private double number(String field, Row row, int column, CsvLayout layout) {
    OptionalDouble number = Field.number(field);
    if (number.isEmpty() || Math.abs(number.getAsDouble()) > Float.MAX_VALUE) {
      String complaint = Field.complaint(field);
      String remedy = isLabel(row, column, layout) ? layout.remedy(column, "this") : "";
      throw refused(row, column, layout, complaint + remedy);
    }
    if (rounded < 0 && Field.isRounded(field, number.getAsDouble())) {
      rounded = column;
    }
    return number.getAsDouble();
  }

  /**
   * Returns whether a column with text may be the label column: its name says so, or it holds text
   * in every row while the last column, the assumed label, holds numbers. Reads up to 20 more rows.
   */
  private boolean isLabel(Row row, int column, CsvLayout layout) {
    String name = layout.first().get(column);
    if (!labelAssumed || !Field.isWord(row.fields().get(column))) {
      return false;
    }
    if (HeaderEvidence.isNameOfLabel(name)) {
      return true;
    }
    boolean text = rows == 0 && Field.isWord(name);
    Row next = row;
    for (int i = 0; text && next != null && i < ROWS_TO_SEE; i++) {
      List<String> fields = next.fields();
      text =
          fields.size() >= layout.columns()
              && Field.isWord(fields.get(column))
              && Field.number(fields.get(layout.label())).isPresent();
      next = peek();
    }
    return text;
  }

  /**
   * Returns the end of an error about the last column: the option that selects a column with the
   * name of a label. Empty if no other column has one.
   */
  private String otherLabel(CsvLayout layout) {
    return IntStream.range(0, layout.columns())
        .filter(i -> labelAssumed && i != layout.label())
        .filter(i -> HeaderEvidence.isNameOfLabel(layout.first().get(i)))
        .mapToObj(i -> layout.remedy(i, layout.column(i)))
        .findFirst()
        .orElse("");
  }

  /** Returns the next row; null at the end or if the row can't be read. */
  private @Nullable Row peek() {
    try {
      return next();
    } catch (IOException | DataException e) {
      return null;
    }
  }

  private DataException refused(Row row, int column, CsvLayout layout, String complaint) {
    return new DataException(
        "%s line %d, %s %s".formatted(file, row.line(column), layout.column(column), complaint));
  }

  /** Makes room for the next row's numbers; returns where they begin. */
  private int reserve(int features) {
    long needed = (rows + 1L) * features;
    if (needed > values.length) {
      Inputs.checkMemory(file, needed, BYTES_PER_NUMBER);
      values = Arrays.copyOf(values, (int) Math.min(Integer.MAX_VALUE - 16, 2 * needed));
    }
    return rows * features;
  }

  /** Returns the next row with visible content; null at the end. */
  private @Nullable Row next() throws IOException {
    try {
      while (records.hasNext()) {
        CSVRecord record = records.next();
        text.endOfRecord();
        List<String> fields = Stream.of(record.values()).map(String::strip).toList();
        lastLine = parser.getCurrentLineNumber();
        if (!fields.stream().allMatch(Field::isBlank)) {
          return new Row(fields, lastLine);
        }
        blankRows++;
      }
      return null;
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
        "%s line %d: quotes must enclose a whole field and be doubled inside it (RFC 4180)"
            .formatted(file, parser.getCurrentLineNumber()),
        cause);
  }
}
