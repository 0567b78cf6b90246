package dev.glissade.arena.report;

import dev.glissade.arena.data.Task;
import java.util.Comparator;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The figure by which runs are compared.
 *
 * @param name the name in tables, such as "test accuracy"
 * @param key the name in JSON and CSV, such as "test_accuracy"
 * @param higherIsBetter whether the largest number wins
 * @param scale the factor from the number to what is shown, such as 100 for percent
 * @param decimals the number of decimals shown
 * @param unit the text after the number, with its space
 * @param value reads the number from a run
 */
public record Metric(
    String name,
    String key,
    boolean higherIsBetter,
    double scale,
    int decimals,
    String unit,
    ToDoubleFunction<Run> value) {

  /** The share of right answers on the test part. */
  public static final Metric ACCURACY =
      new Metric("test accuracy", "test_accuracy", true, 100, 2, " %", Run::testScore);

  /** R^2 on the test part: the share of the variance that the predictions explain. */
  public static final Metric R2 = new Metric("test R2", "test_r2", true, 1, 4, "", Run::testScore);

  /** Returns the metric of a task. */
  public static Metric of(Task task) {
    return task == Task.CLASSES ? ACCURACY : R2;
  }

  /** The mean loss on the test part. */
  public static final Metric TEST_LOSS =
      new Metric("test loss", "test_loss", false, 1, 4, "", Run::testLoss);

  /** Returns the run's number. */
  double of(Run run) {
    return value.applyAsDouble(run);
  }

  /** Compares numbers, the better first and NaN last. */
  Comparator<Double> bestFirst() {
    return Comparator.comparingDouble(
        x -> Double.isNaN(x) ? Double.POSITIVE_INFINITY : higherIsBetter ? -x : x);
  }

  /** Formats a number: "97.42 %". */
  String format(double x) {
    return Double.isFinite(x) ? plain(x) + unit : "not finite";
  }

  /** Formats a mean and its standard deviation: "97.42 ± 0.31 %". */
  String format(Statistics statistics) {
    return statistics.hasDeviation() && Double.isFinite(statistics.mean())
        ? plain(statistics.mean()) + " ± " + plain(statistics.deviation()) + unit
        : format(statistics.mean());
  }

  /** Formats a difference and the half-width of its interval: "-0.42 ± 0.31". */
  String format(PairedDifference difference) {
    if (!Double.isFinite(difference.mean())) {
      return "-";
    }
    String mean = String.format(Locale.ROOT, "%+." + decimals + "f", scale * difference.mean());
    return difference.hasInterval() ? mean + " ± " + plain(difference.halfWidth()) : mean;
  }

  private String plain(double x) {
    return String.format(Locale.ROOT, "%." + decimals + "f", scale * x);
  }
}
