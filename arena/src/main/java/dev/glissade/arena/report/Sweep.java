package dev.glissade.arena.report;

import java.util.Comparator;
import java.util.List;

/**
 * Several optimizers over the values of one parameter, on the same model and data.
 *
 * @param metric what decides which value is best, on the validation part
 * @param values the values of the parameter, ascending
 * @param lines the lines in the order of --optimizers
 */
public record Sweep(
    Setting setting,
    Metric metric,
    SweepParameter parameter,
    List<Double> values,
    List<SweepLine> lines) {
  /** Scores that differ by at most this are equally good for most purposes. */
  private static final double SCORE_TOLERANCE = 0.01;

  /** And so are losses up to this share above the best. */
  private static final double LOSS_TOLERANCE = 0.1;

  /** Copies the lists. */
  public Sweep {
    values = List.copyOf(values);
    lines = List.copyOf(lines);
  }

  /**
   * Returns the lines by the test number of their best point, or, where no value is to be chosen,
   * by the mean over all values.
   */
  List<SweepLine> ranked() {
    return lines.stream()
        .sorted(
            Comparator.comparing(
                line -> parameter.isChoice() ? bestOf(line) : line.mean(metric),
                metric.bestFirst()))
        .toList();
  }

  private double bestOf(SweepLine line) {
    return line.best(metric).map(point -> metric.of(point.trials().mean())).orElse(Double.NaN);
  }

  /** Returns the best test number of the lines' best points; NaN if all diverged. */
  double best() {
    return lines.stream().map(this::bestOf).min(metric.bestFirst()).orElse(Double.NaN);
  }

  /** Returns how far from the best counts as near. */
  double tolerance() {
    return metric.higherIsBetter() ? SCORE_TOLERANCE : LOSS_TOLERANCE * best();
  }

  /** Returns what counts as near, to follow "is": "within 0.01 of the best R2 in the table". */
  String nearRule() {
    if (!metric.higherIsBetter()) {
      return "at most %s %% above the best %s in the table"
          .formatted(Axis.shown(100 * LOSS_TOLERANCE), metric.name());
    }
    String distance = Axis.shown(metric.scale() * SCORE_TOLERANCE);
    return "within %s of the best %s in the table"
        .formatted(
            metric.unit().equals(" %") ? distance + " percentage point" : distance, metric.name());
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
