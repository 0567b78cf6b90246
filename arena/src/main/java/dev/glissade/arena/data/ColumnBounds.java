package dev.glissade.arena.data;

import dev.glissade.arena.text.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ranges of columns that the user knows.
 *
 * @param features the range of all features without one of their own; null for none
 * @param columns the ranges of columns by name or index
 */
public record ColumnBounds(@Nullable Range features, Map<String, Range> columns) {
  /** No ranges. */
  public static final ColumnBounds NONE = new ColumnBounds(null, Map.of());

  /** The least and the largest number of a column. */
  public record Range(double low, double high) {
    LinearScale scaling() {
      return LinearScale.bounds(low, high);
    }
  }

  /**
   * Parses ranges with commas between: {@code LOW:HIGH} for all features, {@code COLUMN=LOW:HIGH}
   * for one column.
   */
  public static ColumnBounds parse(List<String> texts) {
    Range features = null;
    Map<String, Range> columns = new LinkedHashMap<>();
    for (String part : texts.stream().flatMap(t -> Arrays.stream(t.split(","))).toList()) {
      int equals = part.lastIndexOf('=');
      Range range = range(part, part.substring(equals + 1).strip());
      String column = part.substring(0, Math.max(equals, 0)).strip();
      boolean twice = equals < 0 ? features != null : columns.put(column, range) != null;
      if (twice) {
        throw new IllegalArgumentException(
            "--bounds must give each range once, but gave two to "
                + (equals < 0 ? "all features" : Text.quote(column)));
      }
      features = equals < 0 ? range : features;
    }
    return new ColumnBounds(features, columns);
  }

  private static Range range(String part, String text) {
    String[] ends = text.split(":", -1);
    if (ends.length == 2
        && Field.number(ends[0].strip()).isPresent()
        && Field.number(ends[1].strip()).isPresent()) {
      double low = Double.parseDouble(ends[0].strip());
      double high = Double.parseDouble(ends[1].strip());
      if (low < high && Math.max(Math.abs(low), Math.abs(high)) <= Float.MAX_VALUE) {
        return new Range(low, high);
      }
    }
    throw new IllegalArgumentException(
        "--bounds must be LOW:HIGH or COLUMN=LOW:HIGH with numbers LOW < HIGH, but was "
            + Text.quote(part));
  }

  /**
   * Parses the words of columns, {@code COLUMN=WORD|WORD|...}.
   *
   * @param texts one text for each column
   */
  public static Map<String, List<String>> parseCategories(List<String> texts) {
    Map<String, List<String>> categories = new LinkedHashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      List<String> words = new ArrayList<>();
      for (String word : text.substring(equals + 1).split("\\|", -1)) {
        words.add(word.strip());
      }
      if (equals < 1 || words.size() < 2 || words.contains("")) {
        throw new IllegalArgumentException(
            "--categories must be COLUMN=WORD|WORD with at least 2 words, but was "
                + Text.quote(text));
      }
      if (words.stream().distinct().count() < words.size()) {
        throw new IllegalArgumentException(
            "--categories must name each word once, but was " + Text.quote(text));
      }
      if (categories.put(text.substring(0, equals).strip(), List.copyOf(words)) != null) {
        throw new IllegalArgumentException(
            "--categories must be given once for each column, but was given twice for "
                + Text.quote(text.substring(0, equals).strip()));
      }
    }
    return categories;
  }
}
