package dev.glissade.arena.report;

import dev.glissade.arena.data.Task;
import java.util.Comparator;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A figure by which runs are compared. What is chosen, such as a learning rate, is chosen by the
 * validation part; what was chosen is compared by the test part.
 *
 * @param quantity what it measures, such as "accuracy"
 * @param higherIsBetter whether the largest number wins
 * @param scale the factor from the number to what is shown, such as 100 for percent
 * @param decimals the number of decimals shown
 * @param unit the text after the number, with its space
 * @param floor the lowest number that a chart shows, unless all are lower
 * @param ceiling the highest number possible
 * @param onTest reads the number of the test part from a run
 * @param onValidation reads the number of the validation part from a run
 */
public record Metric(
    String quantity,
    boolean higherIsBetter,
    double scale,
    int decimals,
    String unit,
    double floor,
    double ceiling,
    ToDoubleFunction<Run> onTest,
    ToDoubleFunction<Run> onValidation) {

  /** The share of right answers. */
  public static final Metric ACCURACY =
      new Metric("accuracy", true, 100, 2, " %", 0, 1, Run::testScore, Run::validationScore);

  /**
   * R^2, the share of the variance that the predictions explain. Predicting the mean has 0. Bad
   * models have numbers without bound below it, which would leave no room for the others in a
   * chart.
   */
  public static final Metric R2 =
      new Metric("R2", true, 1, 4, "", -0.25, 1, Run::testScore, Run::validationScore);

  /** The mean loss. */
  public static final Metric TEST_LOSS =
      new Metric(
          "loss", false, 1, 4, "", 0, Double.POSITIVE_INFINITY, Run::testLoss, Run::validationLoss);

  /** Returns the score of a task: accuracy or R^2. */
  public static Metric of(Task task) {
    return task == Task.CLASSES ? ACCURACY : R2;
  }

  /** Returns the name in tables, such as "test accuracy". */
  public String name() {
    return "test " + quantity;
  }

  /** Returns the name of the same on the validation part, such as "validation accuracy". */
  String validationName() {
    return "validation " + quantity;
  }

  /** Returns the name in JSON and CSV, such as "test_accuracy". */
  public String key() {
    return "test_" + quantity.toLowerCase(Locale.ROOT);
  }

  /** Returns the same of the validation part, such as "validation_accuracy". */
  String validationKey() {
    return "validation_" + quantity.toLowerCase(Locale.ROOT);
  }

  /** Returns whether charts show it on a logarithmic axis, as they show losses. */
  boolean isLogarithmic() {
    return !higherIsBetter;
  }

  /** Returns the run's number on the test part. */
  double of(Run run) {
    return onTest.applyAsDouble(run);
  }

  /** Returns the run's number on the validation part. */
  double ofValidation(Run run) {
    return onValidation.applyAsDouble(run);
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

  /** Formats two numbers: "95.10 to 97.42 %". */
  public String format(double from, double to) {
    return Double.isFinite(from) && Double.isFinite(to)
        ? plain(from) + " to " + plain(to) + unit
        : format(from) + " to " + format(to);
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
