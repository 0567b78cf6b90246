package dev.glissade.arena.data;

import dev.glissade.arena.text.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the user says about columns, by their indices.
 *
 * @param dropped the columns of {@code --drop}
 * @param forced the columns of {@code --features}; empty for all
 * @param label the label column
 */
record ColumnOptions(
    Set<Integer> dropped,
    Set<Integer> forced,
    ColumnBounds.@Nullable Range featureBounds,
    Map<Integer, ColumnBounds.Range> columnBounds,
    Map<Integer, List<String>> categories,
    int label) {

  static final String NOT_IN_FEATURES = "not in --features";

  static ColumnOptions of(String file, CsvLayout layout, DataRequest request) {
    Set<Integer> dropped = features(file, layout, "--drop", request.drop());
    Set<Integer> forced = features(file, layout, "--features", request.features());
    Map<Integer, ColumnBounds.Range> bounds = new LinkedHashMap<>();
    request
        .bounds()
        .columns()
        .forEach((name, range) -> bounds.put(layout.find(file, "--bounds", name), range));
    Map<Integer, List<String>> categories = new LinkedHashMap<>();
    request
        .categories()
        .forEach((name, words) -> {
          int column = layout.find(file, "--categories", name);
          notLabel(file, layout, "--categories", column);
          categories.put(column, words);
        });
    categories
        .keySet()
        .forEach(column -> {
          if (bounds.containsKey(column)) {
            throw new DataException(
                "%s must have --bounds or --categories, but had both"
                    .formatted(file + " " + layout.column(column)));
          }
        });
    return new ColumnOptions(
        dropped, forced, request.bounds().features(), bounds, categories, layout.label());
  }

  private static Set<Integer> features(
      String file, CsvLayout layout, String option, List<String> names) {
    Set<Integer> columns = new TreeSet<>();
    for (String name : names) {
      int column = layout.find(file, option, name);
      notLabel(file, layout, option, column);
      columns.add(column);
    }
    return columns;
  }

  private static void notLabel(String file, CsvLayout layout, String option, int column) {
    if (column == layout.label()) {
      throw new DataException(
          "%s: %s must not name the label column, but named %s"
              .formatted(file, option, Text.quote(layout.option(column))));
    }
  }

  /** Returns why the user leaves a column out; null if it stays. */
  @Nullable String drops(int column) {
    if (dropped.contains(column)) {
      return "--drop";
    }
    return forced.isEmpty() || forced.contains(column) ? null : NOT_IN_FEATURES;
  }

  boolean isForced(int column) {
    return forced.contains(column);
  }

  /** Returns the range of a column; null if it has none. */
  ColumnBounds.@Nullable Range bounds(int column) {
    ColumnBounds.Range own = columnBounds.get(column);
    return own != null || column == label ? own : featureBounds;
  }
}
