package dev.glissade.arena.score;

import dev.glissade.arena.text.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows scores as text for a terminal and as plain values for JSON. */
public final class ScoreText {
  /** A larger confusion matrix does not fit a terminal. */
  private static final int MOST_COLUMNS = 12;

  private static final int WIDEST = 16;

  private ScoreText() {}

  /** Returns lines with the scores of classes. */
  public static String table(ClassScores scores, List<String> names) {
    StringBuilder text = new StringBuilder();
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
    line(text, "%-16s %10s %10s %10s %10s", "class", "examples", "precision", "recall", "F1");
    for (int i = 0; i < names.size(); i++) {
      line(
          text,
          "%-16s %,10d %10.4f %10.4f %10.4f",
          cell(names.get(i)),
          scores.support(i),
          scores.precision(i),
          scores.recall(i),
          scores.f1(i));
    }
    if (names.size() <= MOST_COLUMNS) {
      confusion(text, scores, names);
    }
    text.append('\n');
    line(text, "%10s %10s %10s", "confidence", "accuracy", "examples");
    for (ClassScores.Bin bin : scores.calibration()) {
      line(text, "%10.3f %10.3f %,10d", bin.confidence(), bin.accuracy(), bin.count());
    }
    return text.toString();
  }

  private static void confusion(StringBuilder text, ClassScores scores, List<String> names) {
    long[][] counts = scores.confusion();
    int width =
        Math.max(
            names.stream().mapToInt(name -> cell(name).length()).max().orElse(1),
            String.valueOf(Arrays.stream(counts).flatMapToLong(Arrays::stream).max().orElse(0))
                .length());
    text.append("\nrows: the class; columns: the prediction\n");
    text.append(" ".repeat(WIDEST));
    names.forEach(name -> text.append(' ').append(padded(cell(name), width)));
    text.append('\n');
    for (int i = 0; i < names.size(); i++) {
      text.append(String.format(Locale.ROOT, "%-16s", cell(names.get(i))));
      for (long count : counts[i]) {
        text.append(' ').append(padded(String.valueOf(count), width));
      }
      text.append('\n');
    }
  }

  private static String padded(String text, int width) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }

  private static String cell(String name) {
    String plain = Text.plain(name);
    return plain.length() > WIDEST ? plain.substring(0, WIDEST - 1) + "." : plain;
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
