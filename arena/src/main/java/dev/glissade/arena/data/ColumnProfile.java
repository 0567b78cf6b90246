package dev.glissade.arena.data;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the first pass over a table learns of one feature column, in constant memory. */
final class ColumnProfile {
  /** The most words that are one-hot columns. */
  static final int MOST_WORDS = 1000;

  private static final int HUGE_DIGITS = 16;

  /** A field: the line, the text. */
  record Place(long line, String text) {}

  private final int column;
  private final Map<String, Integer> words = new LinkedHashMap<>();
  private final Set<DateFormat> dates = EnumSet.allOf(DateFormat.class);
  private final DistinctSketch sketch = new DistinctSketch();
  private long numbers;
  private long texts;
  private long missing;
  private boolean tooManyWords;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private double first = Double.NaN;
  private double last = Double.NaN;
  private boolean consecutive = true;
  private boolean anyWhole;
  private boolean digitsOnly = true;
  private boolean huge;
  private @Nullable Place firstMissing;
  private @Nullable Place firstNan;
  private @Nullable Place firstText;
  private @Nullable Place firstSuspect;
  private @Nullable Place outOfRange;

  ColumnProfile(int column) {
    this.column = column;
  }

  /** Adds the field of the next row. */
  void add(TableRow row) {
    double x = row.number(column);
    if (!Double.isNaN(x)) {
      consecutive &= numbers == 0 || x == last + 1;
      first = numbers == 0 ? x : first;
      addNumber(x, row);
    } else {
      consecutive = false;
      addText(row.text(column), row);
    }
    last = x;
  }

  /** Adds the field of the first row after those of all others. */
  void addFirst(TableRow row) {
    double x = row.number(column);
    if (Double.isNaN(x)) {
      consecutive = false;
      addText(row.text(column), row);
    } else {
      consecutive &= numbers == 0 || x == first - 1;
      first = x;
      addNumber(x, row);
    }
  }

  private void addNumber(double x, TableRow row) {
    numbers++;
    if (Math.abs(x) > Float.MAX_VALUE) {
      outOfRange = earlier(outOfRange, row);
    }
    min = Math.min(min, x);
    max = Math.max(max, x);
    anyWhole |= x == Math.rint(x);
    if (digitsOnly) {
      digitsOnly = row.isWhole(column, 1);
      huge |= row.isWhole(column, HUGE_DIGITS);
    }
  }

  private void addText(String text, TableRow row) {
    if (Field.isMissing(text)) {
      missing++;
      firstMissing = earlier(firstMissing, row);
    } else if (Field.isNan(text)) {
      missing++;
      firstNan = earlier(firstNan, row);
    } else if (Field.isNotFinite(text)) {
      outOfRange = earlier(outOfRange, row);
    } else {
      texts++;
      firstText = earlier(firstText, row);
      addWord(text, row);
    }
  }

  private Place earlier(@Nullable Place before, TableRow row) {
    return before != null && before.line() <= row.line(column)
        ? before
        : new Place(row.line(column), row.text(column));
  }

  private void addWord(String text, TableRow row) {
    Integer count = words.get(text);
    if (count != null) {
      words.put(text, count + 1);
      return;
    }
    sketch.add(text);
    if (Field.complaintAboutWord(text).isPresent()) {
      firstSuspect = earlier(firstSuspect, row);
    }
    if (!dates.isEmpty()) {
      dates.retainAll(DateFormat.all(text));
    }
    if (words.size() < MOST_WORDS) {
      words.put(text, 1);
    } else {
      tooManyWords = true;
    }
  }

  int column() {
    return column;
  }

  /** Returns the last field as a number; NaN if it was none. */
  double last() {
    return last;
  }

  long numbers() {
    return numbers;
  }

  /** Returns the number of fields that are neither numbers nor missing. */
  long texts() {
    return texts;
  }

  long missing() {
    return missing;
  }

  double min() {
    return min;
  }

  double max() {
    return max;
  }

  boolean hasWholeNumbers() {
    return anyWhole;
  }

  /** Returns whether the numbers count the rows, from 0 or from 1. */
  boolean countsRows() {
    return consecutive && numbers > 0 && (first == 0 || first == 1);
  }

  /** Returns whether all are whole numbers, written in digits, one with more than 15. */
  boolean hasHugeNumbers() {
    return digitsOnly && huge;
  }

  /** Returns whether all fields with a value are equal. */
  boolean isConstant() {
    return texts == 0 ? numbers > 0 && min == max : numbers == 0 && words.size() == 1;
  }

  /** Returns the first 1,000 different words, in order of appearance. */
  Map<String, Integer> words() {
    return words;
  }

  boolean hasTooManyWords() {
    return tooManyWords;
  }

  /** Returns the number of different words, estimated if there are more than 1,000. */
  double differentWords() {
    return tooManyWords ? sketch.estimate() : words.size();
  }

  /** Returns the formats in which all texts are dates; empty if there are none. */
  Set<DateFormat> dates() {
    return texts == 0 ? EnumSet.noneOf(DateFormat.class) : dates;
  }

  @Nullable Place firstMissing() {
    return firstMissing;
  }

  @Nullable Place firstNan() {
    return firstNan;
  }

  @Nullable Place firstText() {
    return firstText;
  }

  /** Returns the first text that seems to be a number gone wrong or hides something. */
  @Nullable Place firstSuspect() {
    return firstSuspect;
  }

  @Nullable Place outOfRange() {
    return outOfRange;
  }
}
