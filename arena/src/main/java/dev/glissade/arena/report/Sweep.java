package dev.glissade.arena.report;

import java.util.Comparator;
import java.util.List;

/**
 * Several optimizers over the values of one parameter, on the same model and data.
 *
 * @param metric what decides which value is best
 * @param values the values of the parameter, ascending
 * @param lines the lines in the order of --optimizers
 */
public record Sweep(
    Setting setting,
    Metric metric,
    SweepParameter parameter,
    List<Double> values,
    List<SweepLine> lines) {
  /** A point within this share of the best is as good for most purposes. */
  private static final double TOLERANCE = 0.01;

  /** Copies the lists. */
  public Sweep {
    values = List.copyOf(values);
    lines = List.copyOf(lines);
  }

  /** Returns the lines by their best point. */
  List<SweepLine> ranked() {
    return lines.stream().sorted(Comparator.comparing(this::bestOf, metric.bestFirst())).toList();
  }

  private double bestOf(SweepLine line) {
    return line.best(metric).map(point -> metric.of(point.trials().mean())).orElse(Double.NaN);
  }

  /** Returns the best number of any line; NaN if all diverged. */
  double best() {
    return lines.stream().map(this::bestOf).min(metric.bestFirst()).orElse(Double.NaN);
  }

  /** Returns how far from the best counts as near: 1 % of 1, or of the best loss. */
  double tolerance() {
    return metric.higherIsBetter() ? TOLERANCE : 0.1 * best();
  }

  /** Returns whether all runs of all lines diverged. */
  public boolean allDiverged() {
    return lines.stream()
        .flatMap(line -> line.points().stream())
        .allMatch(point -> point.trials().diverged());
  }

  /** Returns the values that come near the best of all lines: "0.0316 to 1", "all" or "none". */
  String nearValues(SweepLine line) {
    List<SweepLine.SweepPoint> near = line.near(metric, best(), tolerance());
    if (near.isEmpty()) {
      return "none";
    }
    if (line.flat()) {
      return "any";
    }
    String from = Axis.shown(near.get(0).value());
    String to = Axis.shown(near.get(near.size() - 1).value());
    return from.equals(to) ? from : from + " to " + to;
  }
}
