package dev.glissade.arena.report;

import dev.glissade.arena.report.Columns.Column;
import dev.glissade.arena.text.Text;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Renders a comparison or a sweep as a text table. */
public final class TextTable {
  private TextTable() {}

  /**
   * Returns a header, a rule and a line for each optimizer, in the order of {@link
   * Comparison#ranked}. Control characters in labels become "?", so that a label can't control the
   * terminal.
   *
   * @param width the most characters in a line, if that is possible: the least important columns
   *     are left out and named below
   */
  public static String render(Comparison comparison, int width) {
    List<Column> columns = new ArrayList<>(Columns.of(comparison, "-"));
    // The loss comes first, as it always has; it also says what diverged.
    columns.sort(Comparator.comparingInt(column -> column.name().equals("train loss") ? 0 : 1));
    List<String> left = new ArrayList<>();
    List<List<String>> rows = rows(comparison, columns);
    while (columns.size() > 1 && widthOf(rows) > width) {
      Column least =
          columns.stream().min(Comparator.comparingInt(Column::importance)).orElseThrow();
      left.add(least.name());
      columns.remove(least);
      rows = rows(comparison, columns);
    }
    String note =
        left.isEmpty() ? "" : "left out for want of width: " + String.join(", ", left) + "\n";
    return text(rows) + note;
  }

  private static List<List<String>> rows(Comparison comparison, List<Column> columns) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(row("optimizer", columns.stream().map(Column::name).toList()));
    comparison
        .ranked()
        .forEach(t ->
            rows.add(
                row(
                    Text.plain(t.label()),
                    columns.stream().map(column -> column.text().apply(t)).toList())));
    return rows;
  }

  /**
   * Returns a table of the chosen value of each line and of what it cost to find it; where no value
   * is to be chosen, of the results at each value.
   *
   * @param width the most characters in a line, if that is possible: columns that don't fit follow
   *     below
   */
  public static String render(Sweep sweep, int width) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(row("optimizer", SweepCells.head(sweep)));
    sweep
        .ranked()
        .forEach(line -> rows.add(row(Text.plain(line.label()), SweepCells.of(sweep, line, "-"))));
    String note =
        sweep.parameter().isChoice()
            ? "at the %s with the best %s\n"
                .formatted(sweep.parameter().title(), sweep.metric().validationName())
            : "%s at each %s\n".formatted(sweep.metric().name(), sweep.parameter().title());
    return String.join("\n", blocks(rows, width)) + note;
  }

  /** Returns the table in as many parts as its width needs, each with the first column. */
  private static List<String> blocks(List<List<String>> rows, int width) {
    List<String> blocks = new ArrayList<>();
    int columns = rows.get(0).size();
    int from = 1;
    while (from < columns) {
      int to = from + 1;
      while (to < columns && widthOf(part(rows, from, to + 1)) <= width) {
        to++;
      }
      blocks.add(text(part(rows, from, to)));
      from = to;
    }
    return blocks;
  }

  private static List<List<String>> part(List<List<String>> rows, int from, int to) {
    return rows.stream().map(row -> row(row.get(0), row.subList(from, to))).toList();
  }

  private static List<String> row(String first, List<String> others) {
    List<String> row = new ArrayList<>(List.of(first));
    row.addAll(others);
    return row;
  }

  private static int[] widths(List<List<String>> rows) {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], length(row.get(column)));
      }
    }
    return widths;
  }

  private static int widthOf(List<List<String>> rows) {
    int width = -2;
    for (int column : widths(rows)) {
      width += column + 2;
    }
    return width;
  }

  private static String text(List<List<String>> rows) {
    int[] widths = widths(rows);
    StringBuilder text = new StringBuilder();
    rows.forEach(row -> line(text, row, widths));
    int head = text.indexOf("\n") + 1;
    return text.insert(head, "-".repeat(head - 1) + "\n").toString();
  }

  private static void line(StringBuilder text, List<String> row, int[] widths) {
    for (int column = 0; column < widths.length; column++) {
      String cell = row.get(column);
      String space = " ".repeat(widths[column] - length(cell));
      text.append(column == 0 ? cell + space : "  " + space + cell);
    }
    text.append('\n');
  }

  private static int length(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
