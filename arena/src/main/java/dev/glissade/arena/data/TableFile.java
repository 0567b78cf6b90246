package dev.glissade.arena.data;

import dev.glissade.arena.text.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a table in two passes: the first learns what it holds, the second stores its numbers. */
final class TableFile {
  private static final int BYTES_PER_ROW = 16;

  private final DataRequest request;
  private final TableScan.Found found;

  private TableFile(DataRequest request, TableScan.Found found) {
    this.request = request;
    this.found = found;
  }

  static Table read(Source source, DataRequest request) throws IOException {
    return new TableFile(request, TableScan.of(source, request.label(), request.header())).table();
  }

  private Table table() throws IOException {
    CsvLayout layout = found.layout();
    LabelChoice labels = new LabelChoice(found, request);
    labels.checkName();
    ColumnOptions options = ColumnOptions.of(found.file(), layout, request);
    if (found.rows() < 2) {
      choose(options);
      checkRows();
    }
    LabelEncoding label = labels.encoding(options.bounds(layout.label()));
    ColumnChoice features = choose(options);
    Encoding encoding =
        new Encoding(
            new Encoding.Columns(layout.hasHeader(), layout.columns(), features.columns()), label);
    checkFeatures(encoding, features.dropped());
    checkMemory(encoding);
    RowReader reader =
        new RowReader(found.file(), encoding, ColumnMatch.same(encoding, layout), "--categories");
    Table.Rows rows = fill(reader, encoding);
    int[] counts = counts(rows.labels(), encoding);
    List<String> doubts = new ArrayList<>(labels.doubts());
    doubts.addAll(reader.doubts());
    Table.Rows test = request.test() == null ? null : test(request.test(), encoding, doubts);
    TableReading reading =
        new TableReading(
            found,
            request,
            encoding,
            features.dropped(),
            counts,
            test == null ? -1 : test.labels().size());
    return new Table(
        found.file(), encoding, rows, counts, test, false, request, reading.reading(doubts));
  }

  private ColumnChoice choose(ColumnOptions options) throws IOException {
    Set<Integer> mixed = ColumnChoice.mixed(found, options);
    return new ColumnChoice(found, request, options, TableScan.texts(found, mixed));
  }

  private void checkRows() {
    if (found.rows() < 2) {
      throw new DataException(
          "%s must have at least 2 rows%s, but had %d"
              .formatted(
                  found.file(),
                  found.layout().hasHeader() ? " under its header" : "",
                  found.rows()));
    }
  }

  private void checkFeatures(Encoding encoding, List<ColumnChoice.Dropped> dropped) {
    if (encoding.features() == 0) {
      ColumnChoice.Dropped first = dropped.get(0);
      throw new DataException(
          "%s must have a column to learn from, but none is left: %s was dropped (%s); name the columns to use with --features"
              .formatted(found.file(), found.layout().column(first.column()), first.reason()));
    }
  }

  private void checkMemory(Encoding encoding) {
    int columns = ((Encoding.Columns) encoding.inputs()).columns().size();
    int bytes = Float.BYTES + (BYTES_PER_ROW + columns - 1) / columns;
    Inputs.checkMemory(found.file(), (long) found.rows() * columns, bytes);
  }

  private Table.Rows fill(RowReader reader, Encoding encoding) throws IOException {
    try (CsvRows rows = CsvRows.open(found.source())) {
      if (found.layout().hasHeader()) {
        rows.next();
      }
      Table.Rows filled = fill(rows::next, reader, encoding, found.rows());
      if (filled.labels().size() != found.rows()) {
        throw new DataException(
            "%s must not change while it is read, but had %d rows, then %d"
                .formatted(found.file(), found.rows(), filled.labels().size()));
      }
      return filled;
    }
  }

  /** Returns the next row, or null at the end. */
  private interface NextRow {
    @Nullable TableRow next() throws IOException;
  }

  private Table.Rows fill(NextRow rows, RowReader reader, Encoding encoding, int expected)
      throws IOException {
    double[] offsets =
        ((Encoding.Columns) encoding.inputs())
            .columns().stream().mapToDouble(this::offset).toArray();
    Cells cells = new Cells(offsets, expected);
    Labels labels =
        encoding.task() == Task.REGRESSION ? Labels.numbers(expected) : Labels.classes(expected);
    double[] fields = new double[offsets.length];
    for (TableRow row = rows.next(); row != null; row = rows.next()) {
      reader.read(row, fields);
      cells.add(fields);
      labels.add(reader.label(row));
    }
    return new Table.Rows(cells, labels);
  }

  private double offset(Encoding.Column column) {
    ColumnProfile profile = found.profile(column.position());
    if (request.isPrivate() || !(column.encoding() instanceof ColumnEncoding.Numbers numbers)) {
      return 0;
    }
    if (numbers.date() == null) {
      return profile.numbers() == 0 ? 0 : Cells.offset(profile.min(), profile.max());
    }
    DateFormat format = DateFormat.of(numbers.date()).orElseThrow();
    OptionalDouble first = format.days(profile.words().keySet().iterator().next());
    return Math.floor(first.orElse(0));
  }

  private static int[] counts(Labels labels, Encoding encoding) {
    int[] counts = new int[Math.max(1, encoding.classNames().size())];
    for (int row = 0; row < labels.size(); row++) {
      counts[labels.classOf(row)]++;
    }
    return counts;
  }

  /** Reads the file of the test part, which must have the same columns. */
  private Table.Rows test(Path path, Encoding encoding, List<String> doubts) {
    if (!Files.isRegularFile(path)) {
      throw new DataException("--test must be a CSV file, but no file exists at " + path);
    }
    Source source = Source.of(path, request.progress());
    try (MatchedRows rows = MatchedRows.open(source, encoding, request.header())) {
      ColumnMatch match = rows.match();
      if (match.label() < 0) {
        throw new DataException(
            "%s must have the label column%s, as %s has"
                .formatted(
                    source.name(),
                    found.layout().hasHeader()
                        ? " " + Text.quote(found.layout().first().get(found.layout().label()))
                        : "",
                    found.file()));
      }
      RowReader reader = new RowReader(source.name(), encoding, match, found.file());
      Table.Rows test = fill(rows::next, reader, encoding, 0);
      if (test.labels().size() == 0) {
        throw new DataException(source.name() + " must have at least 1 row under its header");
      }
      if (rows.headerDoubt() != null) {
        doubts.add(source.name() + ": " + rows.headerDoubt());
      }
      reader.doubts().forEach(doubt -> doubts.add(source.name() + ": " + doubt));
      return test;
    } catch (IOException e) {
      throw Inputs.refuse(source.name(), e);
    }
  }
}
