package dev.glissade.arena.data;

import dev.glissade.arena.text.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The first pass over a table: finds the header, the label column, and what each column holds, in
 * memory that does not grow with the rows.
 */
final class TableScan {
  private final Source source;
  private final CsvLayout layout;
  private final List<ColumnProfile> features = new ArrayList<>();
  private final LabelProfile label;
  private final double[] stepAll;
  private final double[] stepFeatures;
  private int countingAll;
  private int countingFeatures;
  private int rows;

  private TableScan(Source source, CsvLayout layout) {
    this.source = source;
    this.layout = layout;
    this.label = new LabelProfile(layout.label());
    for (int i = 0; i < layout.columns(); i++) {
      if (i != layout.label()) {
        features.add(new ColumnProfile(i));
      }
    }
    this.stepAll = step(layout.first());
    this.stepFeatures =
        step(
            IntStream.range(0, layout.columns())
                .filter(i -> i != layout.label())
                .mapToObj(layout.first()::get)
                .toList());
  }

  /** Returns the step of numbers that count as column names do; empty for others. */
  private static double[] step(List<String> fields) {
    double[] numbers = HeaderEvidence.numbers(fields);
    return HeaderEvidence.isCounting(numbers)
        ? new double[] {numbers[1] - numbers[0]}
        : new double[0];
  }

  /**
   * What was found.
   *
   * @param layout the columns, with the header decided
   * @param features the profiles of all columns but the label column
   * @param rows the number of rows under the header
   * @param headerDoubt a warning about the header, or null
   */
  record Found(
      Source source,
      CsvLayout layout,
      List<ColumnProfile> features,
      LabelProfile label,
      int rows,
      int blankRows,
      int emptyEnds,
      @Nullable String headerDoubt) {

    String file() {
      return source.name();
    }

    ColumnProfile profile(int column) {
      return features.get(column < layout.label() ? column : column - 1);
    }

    /** Returns a file and column as the subject of a sentence. */
    String subject(int column) {
      return file() + " " + layout.column(column);
    }
  }

  /**
   * Reads the whole file once.
   *
   * @param label the label column as the user wrote it; null for the last
   */
  static Found of(Source source, @Nullable String label, Header header) throws IOException {
    try (CsvRows rows = CsvRows.open(source)) {
      TableRow found = rows.next();
      if (found == null) {
        throw new DataException(source.name() + " must have at least 2 rows, but is empty");
      }
      TableRow first = found.copy();
      if (first.size() < 2) {
        throw new DataException(
            "%s line %d must have at least 2 columns with a comma, semicolon or tab between, but was %s"
                .formatted(source.name(), first.line(0), Text.quote(first.text(0))));
      }
      TableRow row = rows.next();
      int columns = RowWidth.withoutEmptyEnd(first, row == null ? first : row);
      CsvLayout layout =
          CsvLayout.of(source.name(), label, header, first.fields().subList(0, columns));
      TableScan scan = new TableScan(source, layout);
      RowWidth width = new RowWidth(source.name(), first, columns);
      for (; row != null; row = rows.next()) {
        width.check(row);
        scan.add(row);
      }
      return scan.found(first, rows.blankRows(), width.emptyEnds());
    }
  }

  private void add(TableRow row) {
    if (label.add(row)) {
      checkLabel(source.name(), row, layout.assumed());
    }
    for (ColumnProfile feature : features) {
      feature.add(row);
    }
    countingAll += counts(stepAll) ? 1 : 0;
    countingFeatures += counts(stepFeatures) ? 1 : 0;
    if (++rows == Integer.MAX_VALUE) {
      throw new DataException(
          source.name() + " must have fewer than 2,147,483,647 rows, but had more");
    }
  }

  /** Refuses a missing label and one with hidden characters. */
  static void checkLabel(String file, TableRow row, CsvLayout layout) {
    if (Double.isNaN(row.number(layout.label()))) {
      String text = row.text(layout.label());
      String complaint =
          Field.isNoLabel(text)
              ? Field.complaintAboutLabel(text)
              : Field.hidesSomething(text)
                  ? "must have no hidden characters, but was "
                      + Text.quote(text)
                      + Text.hidden(text)
                  : null;
      if (complaint != null) {
        throw new DataException(
            "%s line %d, %s %s"
                .formatted(
                    file, row.line(layout.label()), layout.column(layout.label()), complaint));
      }
    }
  }

  /** Returns whether the last row's features go up in the step, if there is one. */
  private boolean counts(double[] step) {
    if (step.length == 0 || features.size() < 2) {
      return false;
    }
    double[] numbers = features.stream().mapToDouble(ColumnProfile::last).toArray();
    return HeaderEvidence.isEven(numbers, step[0]);
  }

  private Found found(TableRow first, int blankRows, int emptyEnds) {
    HeaderEvidence.Verdict verdict =
        layout.header() == Header.AUTO
            ? HeaderEvidence.of(
                    layout,
                    label.classes(),
                    features,
                    rows,
                    new HeaderEvidence.Counting(countingAll, countingFeatures))
                .verdict()
            : new HeaderEvidence.Verdict(layout.hasHeader(), null);
    CsvLayout decided = layout.with(verdict.header() ? Header.YES : Header.NO);
    if (!verdict.header()) {
      checkLabel(source.name(), first, decided);
      label.add(first);
      features.forEach(feature -> feature.addFirst(first));
      rows++;
    }
    return new Found(source, decided, features, label, rows, blankRows, emptyEnds, verdict.doubt());
  }

  /** Reads the different texts of some columns, numbers and words alike, in one more pass. */
  static Map<Integer, Set<String>> texts(Found found, Set<Integer> columns) throws IOException {
    Map<Integer, Set<String>> texts = new LinkedHashMap<>();
    columns.forEach(column -> texts.put(column, new TreeSet<>()));
    try (CsvRows rows = CsvRows.open(found.source())) {
      boolean skip = found.layout().hasHeader();
      for (TableRow row = rows.next(); row != null; row = rows.next()) {
        for (Map.Entry<Integer, Set<String>> entry : texts.entrySet()) {
          int column = entry.getKey();
          boolean used =
              !skip && column < row.size() && entry.getValue().size() <= ColumnProfile.MOST_WORDS;
          String text = used ? row.text(column) : "";
          if (used && !Field.isNoLabel(text)) {
            entry.getValue().add(text);
          }
        }
        skip = false;
      }
    }
    return texts;
  }
}
