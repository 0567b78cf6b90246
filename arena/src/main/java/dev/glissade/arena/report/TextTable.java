package dev.glissade.arena.report;

import dev.glissade.arena.text.Text;
import java.util.ArrayList;
import java.util.List;

/** Renders ranked runs as a text table. */
public final class TextTable {
  private static final List<String> HEAD =
      List.of("optimizer", "final loss", "test accuracy", "time", "learned step size");

  private TextTable() {}

  /**
   * Returns a header, a rule and a line for each run, in the order of {@link Comparison#ranked},
   * with a column for epsilon if a run has one. Control characters in labels become "?", so that a
   * label can't control the terminal.
   */
  public static String render(List<Run> runs) {
    List<List<String>> rows = new ArrayList<>();
    boolean isPrivate = runs.stream().anyMatch(run -> !Double.isNaN(run.epsilon()));
    rows.add(isPrivate ? with(HEAD, "epsilon") : HEAD);
    Comparison.ranked(runs)
        .forEach(run ->
            rows.add(isPrivate ? with(row(run), CellFormat.epsilon(run.epsilon())) : row(run)));
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], length(row.get(column)));
      }
    }
    StringBuilder text = new StringBuilder();
    rows.forEach(row -> line(text, row, widths));
    int head = text.indexOf("\n") + 1;
    return text.insert(head, "-".repeat(head - 1) + "\n").toString();
  }

  private static List<String> with(List<String> row, String cell) {
    List<String> longer = new ArrayList<>(row);
    longer.add(cell);
    return longer;
  }

  private static List<String> row(Run run) {
    return List.of(
        Text.plain(run.label()),
        run.diverged() ? "diverged" : CellFormat.loss(run.trainLoss()),
        CellFormat.accuracy(run.testAccuracy()),
        CellFormat.seconds(run.seconds()),
        CellFormat.stepSize(run.learnedStepSize(), "-"));
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
