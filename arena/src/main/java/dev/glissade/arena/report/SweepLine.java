package dev.glissade.arena.report;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One optimizer over the values of a parameter.
 *
 * @param flat whether the optimizer lacks the parameter, so that its only point counts for all
 *     values
 * @param points the points that are complete, by ascending value
 * @param command the command that repeats these runs
 */
public record SweepLine(String label, boolean flat, List<SweepPoint> points, String command) {

  /**
   * The runs with one value.
   *
   * @param value NaN if the line is flat
   */
  public record SweepPoint(double value, Trials trials) {}

  /** Copies the list. */
  public SweepLine {
    points = List.copyOf(points);
  }

  /**
   * Returns the point with the best mean on the validation part, of those that did not diverge. Its
   * number on the test part did not decide, so it is a fair estimate.
   */
  Optional<SweepPoint> best(Metric metric) {
    return points.stream()
        .filter(point -> !point.trials().diverged())
        .min(
            Comparator.comparing(
                point -> metric.ofValidation(point.trials().mean()), metric.bestFirst()));
  }

  /** Returns the point of a value; that of a flat line counts for all. */
  Optional<SweepPoint> at(double value) {
    return points.stream().filter(point -> flat || point.value() == value).findFirst();
  }

  /** Returns the mean test number of all points, of which none may have diverged. */
  double mean(Metric metric) {
    return points.stream()
        .mapToDouble(
            point -> point.trials().diverged() ? Double.NaN : metric.of(point.trials().mean()))
        .average()
        .orElse(Double.NaN);
  }

  /** Returns the points whose test number is near one, without those that diverged. */
  List<SweepPoint> near(Metric metric, double best, double tolerance) {
    double sign = metric.higherIsBetter() ? 1 : -1;
    return points.stream()
        .filter(point -> !point.trials().diverged())
        .filter(point -> sign * (best - metric.of(point.trials().mean())) <= tolerance)
        .toList();
  }

  /** Returns the runs of all points. */
  List<Run> runs() {
    return points.stream().flatMap(point -> point.trials().runs().stream()).toList();
  }

  /** Returns the seconds of training of all points and seeds. */
  double totalSeconds() {
    return points.stream().mapToDouble(point -> point.trials().totalSeconds()).sum();
  }
}
