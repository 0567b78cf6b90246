package dev.glissade.arena.score;

import dev.glissade.arena.text.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Shows scores as text for a terminal and as plain values for JSON. */
public final class ScoreText {
  /** The widest name that the confusion matrix writes above a column. */
  private static final int WIDEST_HEAD = 16;

  /** The width of the numbers beside a class's name. */
  private static final int FIGURES = 44;

  private ScoreText() {}

  /**
   * Returns lines with the scores of classes. No name is cut: where names are too long for the
   * heads of the confusion matrix, classes have numbers.
   *
   * @param width the most characters in a line, if that is possible
   */
  public static String table(ClassScores scores, List<String> names, int width) {
    List<String> plain = names.stream().map(Text::plain).toList();
    boolean numbered = !fits(scores, plain, plain, width);
    List<String> labels = numbered ? numbered(plain) : plain;
    StringBuilder text = new StringBuilder();
    summary(text, scores);
    classes(text, scores, labels, width);
    confusion(text, scores, labels, numbered ? numbers(plain) : plain, width);
    calibration(text, scores);
    return text.toString();
  }

  private static void summary(StringBuilder text, ClassScores scores) {
    line(text, "examples           %,d", scores.examples());
    line(
        text,
        "accuracy           %.2f %%  (most frequent class: %.2f %%)",
        100 * scores.accuracy(),
        100 * scores.majorityShare());
    line(text, "loss               %.4f", scores.loss());
    line(text, "F1, mean           %.4f", scores.macroF1());
    line(text, "area under ROC     %s", number(scores.auc()));
    line(text, "calibration error  %.4f", scores.calibrationError());
    text.append('\n');
  }

  private static void calibration(StringBuilder text, ClassScores scores) {
    text.append('\n');
    line(text, "%10s %10s %10s", "confidence", "accuracy", "examples");
    for (ClassScores.Bin bin : scores.calibration()) {
      line(text, "%10.3f %10.3f %,10d", bin.confidence(), bin.accuracy(), bin.count());
    }
  }

  /** Adds a line for each class; a name without room beside the figures has a line of its own. */
  private static void classes(
      StringBuilder text, ClassScores scores, List<String> labels, int width) {
    int room = Math.max(WIDEST_HEAD, Math.min(longest(labels), width - FIGURES));
    line(
        text,
        "%s %10s %10s %10s %10s",
        left("class", room),
        "examples",
        "precision",
        "recall",
        "F1");
    for (int i = 0; i < labels.size(); i++) {
      String label = labels.get(i);
      line(
          text,
          "%s %,10d %10.4f %10.4f %10.4f",
          length(label) > room ? label + "\n" + left("", room) : left(label, room),
          scores.support(i),
          scores.precision(i),
          scores.recall(i),
          scores.f1(i));
    }
  }

  /** Adds the confusion matrix, unless there are too many classes for the width. */
  private static void confusion(
      StringBuilder text, ClassScores scores, List<String> labels, List<String> heads, int width) {
    List<String> rows = fits(scores, labels, heads, width) ? labels : heads;
    if (!fits(scores, rows, heads, width)) {
      line(text, "%nthe confusion matrix is wider than %d columns: --json has it", width);
      return;
    }
    int room = Math.max(longest(rows), 1);
    int cell = cell(scores, heads);
    text.append("\nrows: the class; columns: the prediction\n").append(" ".repeat(room));
    heads.forEach(head -> text.append(' ').append(right(head, cell)));
    text.append('\n');
    long[][] counts = scores.confusion();
    for (int i = 0; i < rows.size(); i++) {
      text.append(left(rows.get(i), room));
      for (long count : counts[i]) {
        text.append(' ').append(right(String.valueOf(count), cell));
      }
      text.append('\n');
    }
  }

  /** Returns whether a confusion matrix with these names of rows and columns fits the width. */
  private static boolean fits(
      ClassScores scores, List<String> rows, List<String> heads, int width) {
    long all = longest(rows) + (long) heads.size() * (1 + cell(scores, heads));
    return all <= width && longest(heads) <= WIDEST_HEAD;
  }

  private static int cell(ClassScores scores, List<String> heads) {
    long most = Arrays.stream(scores.confusion()).flatMapToLong(Arrays::stream).max().orElse(0);
    return Math.max(longest(heads), String.valueOf(most).length());
  }

  private static List<String> numbers(List<String> names) {
    return IntStream.rangeClosed(1, names.size()).mapToObj(String::valueOf).toList();
  }

  /** Returns the names with their numbers: " 1 setosa". */
  private static List<String> numbered(List<String> names) {
    int digits = String.valueOf(names.size()).length();
    return IntStream.range(0, names.size())
        .mapToObj(i -> right(String.valueOf(i + 1), digits) + " " + names.get(i))
        .toList();
  }

  private static int longest(List<String> texts) {
    return texts.stream().mapToInt(ScoreText::length).max().orElse(0);
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String left(String text, int width) {
    return text + " ".repeat(Math.max(0, width - length(text)));
  }

  private static String right(String text, int width) {
    return " ".repeat(Math.max(0, width - length(text))) + text;
  }

  /** Returns lines with the scores of numbers. */
  public static String table(NumberScores scores) {
    StringBuilder text = new StringBuilder();
    line(text, "examples                 %,d", scores.examples());
    line(text, "R2                       %s  (predicting the mean: 0)", number(scores.r2()));
    line(text, "mean absolute error      %.6g", scores.mae());
    line(
        text,
        "root mean squared error  %.6g  (predicting the mean: %.6g)",
        scores.rmse(),
        scores.deviation());
    return text.toString();
  }

  private static void line(StringBuilder text, String pattern, Object... values) {
    text.append(String.format(Locale.ROOT, pattern + "%n", values).replace("\r\n", "\n"));
  }

  private static String number(double x) {
    return Double.isNaN(x) ? "undefined" : String.format(Locale.ROOT, "%.4f", x);
  }

  /** Returns the scores of classes as plain values. */
  public static Map<String, @Nullable Object> plain(ClassScores scores, List<String> names) {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    plain.put("examples", scores.examples());
    plain.put("accuracy", scores.accuracy());
    plain.put("majority_share", scores.majorityShare());
    plain.put("loss", finite(scores.loss()));
    plain.put("f1", scores.macroF1());
    plain.put("auc", finite(scores.auc()));
    plain.put("calibration_error", scores.calibrationError());
    List<Object> classes = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      Map<String, @Nullable Object> one = new LinkedHashMap<>();
      one.put("class", names.get(i));
      one.put("examples", scores.support(i));
      one.put("precision", scores.precision(i));
      one.put("recall", scores.recall(i));
      one.put("f1", scores.f1(i));
      one.put("auc", finite(scores.auc(i)));
      one.put("predicted", Arrays.stream(scores.confusion()[i]).boxed().toList());
      classes.add(one);
    }
    plain.put("classes", classes);
    plain.put("calibration", scores.calibration().stream().map(ScoreText::plain).toList());
    return plain;
  }

  private static Map<String, Object> plain(ClassScores.Bin bin) {
    Map<String, Object> plain = new LinkedHashMap<>();
    plain.put("confidence", bin.confidence());
    plain.put("accuracy", bin.accuracy());
    plain.put("examples", bin.count());
    return plain;
  }

  /** Returns the scores of numbers as plain values. */
  public static Map<String, @Nullable Object> plain(NumberScores scores) {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    plain.put("examples", scores.examples());
    plain.put("r2", finite(scores.r2()));
    plain.put("mae", finite(scores.mae()));
    plain.put("rmse", finite(scores.rmse()));
    plain.put("deviation", finite(scores.deviation()));
    return plain;
  }

  private static @Nullable Double finite(double x) {
    return Double.isFinite(x) ? x : null;
  }
}
