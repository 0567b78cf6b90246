package dev.glissade.arena.data;

import dev.glissade.arena.text.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Reads rows of a table as the fields of an encoding: numbers, places of words, NaN if missing. */
final class RowReader {
  private final String file;
  private final List<Encoding.Column> columns;
  private final LabelEncoding label;
  private final ColumnMatch match;
  private final String origin;
  private final List<Map<String, Integer>> words = new ArrayList<>();
  private final List<@Nullable DateFormat> dates = new ArrayList<>();
  private final Map<String, Integer> classes = new HashMap<>();
  private final Map<Decimal, Integer> numericClasses = new HashMap<>();
  private final Map<Integer, String> unknown = new LinkedHashMap<>();

  /**
   * @param origin what the words and classes of the encoding are from, in messages
   */
  RowReader(String file, Encoding encoding, ColumnMatch match, String origin) {
    this.file = file;
    this.columns = ((Encoding.Columns) encoding.inputs()).columns();
    this.label = encoding.label();
    this.match = match;
    this.origin = origin;
    for (Encoding.Column column : columns) {
      Map<String, Integer> places = new HashMap<>();
      DateFormat date = null;
      if (column.encoding() instanceof ColumnEncoding.Words list) {
        list.words().forEach(word -> places.put(word, places.size()));
      } else if (column.encoding() instanceof ColumnEncoding.Numbers numbers
          && numbers.date() != null) {
        date = DateFormat.of(numbers.date()).orElseThrow();
      }
      words.add(places);
      dates.add(date);
    }
    encoding.classNames().forEach(name -> classes.put(name, classes.size()));
    List<Optional<Decimal>> numbers = encoding.classNames().stream().map(Decimal::of).toList();
    if (numbers.stream().allMatch(Optional::isPresent)) {
      numbers.forEach(number -> numericClasses.put(number.orElseThrow(), numericClasses.size()));
    }
  }

  /** Reads the features of a row. */
  void read(TableRow row, double[] fields) {
    for (int i = 0; i < fields.length; i++) {
      int at = match.positions()[i];
      ColumnEncoding encoding = columns.get(i).encoding();
      fields[i] =
          encoding instanceof ColumnEncoding.Words
              ? word(row, at, i, encoding)
              : number(row, at, i, encoding);
    }
  }

  private double number(TableRow row, int at, int i, ColumnEncoding encoding) {
    DateFormat date = dates.get(i);
    if (date == null) {
      double x = row.number(at);
      if (Math.abs(x) <= Float.MAX_VALUE) {
        return x;
      }
    }
    String text = row.text(at);
    if (Field.isNoLabel(text)) {
      return missing(row, at, encoding, Field.complaint(text));
    }
    if (date == null) {
      throw refused(row, at, Field.complaint(text));
    }
    OptionalDouble days = date.days(text);
    return days.orElseThrow(() ->
        refused(row, at, "must be a date as %s, but was %s".formatted(date, Text.quote(text))));
  }

  private double word(TableRow row, int at, int i, ColumnEncoding encoding) {
    String text = row.text(at);
    Integer place = words.get(i).get(text);
    if (place != null) {
      return place;
    }
    if (Field.isNoLabel(text)) {
      return missing(
          row, at, encoding, "must be a word, but the value is missing: " + Text.quote(text));
    }
    unknown.putIfAbsent(at, text);
    return ColumnEncoding.UNKNOWN_WORD;
  }

  private double missing(TableRow row, int at, ColumnEncoding encoding, String complaint) {
    if (encoding.missing() == Missing.REFUSE) {
      throw refused(row, at, complaint);
    }
    return Double.NaN;
  }

  /** Returns the label of a row: the number of its class, or its value. */
  double label(TableRow row) {
    int at = match.label();
    if (label instanceof LabelEncoding.NumberLabel) {
      double x = row.number(at);
      if (Math.abs(x) <= Float.MAX_VALUE) {
        return x;
      }
      throw refused(row, at, Field.complaint(row.text(at)));
    }
    String text = row.text(at);
    Integer known = classes.get(text);
    if (known == null) {
      known =
          Decimal.of(text)
              .map(numericClasses::get)
              .orElseThrow(() ->
                  refused(
                      row,
                      at,
                      Field.isNoLabel(text)
                          ? Field.complaintAboutLabel(text)
                          : "must be one of the classes of %s, but was %s"
                              .formatted(origin, Text.quote(text))));
      classes.put(text, known);
    }
    return known;
  }

  private DataException refused(TableRow row, int at, String complaint) {
    return new DataException(
        "%s line %d, %s %s".formatted(file, row.line(at), match.column(at), complaint));
  }

  /** Returns warnings of words that are not in the lists, one for each column. */
  List<String> doubts() {
    return unknown.entrySet().stream()
        .map(entry ->
            "%s has words that %s does not have, such as %s: they become zeros"
                .formatted(match.column(entry.getKey()), origin, Text.quote(entry.getValue())))
        .toList();
  }
}
