package dev.glissade.arena.train;

import dev.glissade.arena.report.SweepLine;
import dev.glissade.arena.report.SweepLine.SweepPoint;
import dev.glissade.arena.report.SweepParameter;
import dev.glissade.arena.report.Trials;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The runs of a sweep: a candidate for each value, or one if the optimizer lacks the parameter. */
public final class SweepPlan {
  private final SweepParameter parameter;
  private final List<Line> lines = new ArrayList<>();

  private record Line(
      OptimizerSpec spec, boolean flat, List<Double> values, List<Candidate> candidates) {}

  /**
   * Plans a sweep.
   *
   * @param ordinary how to train ordinarily
   * @param privately how to train privately, for a sweep of epsilon
   * @param labelNoise the share of wrong train labels, unless the sweep varies it
   */
  public SweepPlan(
      List<OptimizerSpec> specs,
      SweepParameter parameter,
      List<Double> values,
      Plan ordinary,
      Plan privately,
      double labelNoise) {
    this.parameter = parameter;
    for (OptimizerSpec spec : specs) {
      if (lacks(spec, parameter)) {
        Candidate only = new Candidate(spec, ordinary, labelNoise, null);
        lines.add(new Line(spec, true, List.of(Double.NaN), List.of(only)));
      } else {
        List<Candidate> candidates =
            values.stream()
                .map(value ->
                    switch (parameter) {
                      case LEARNING_RATE ->
                          new Candidate(SweptRate.set(spec, value), ordinary, labelNoise, null);
                      case TARGET_EPSILON -> new Candidate(spec, privately, labelNoise, value);
                      case LABEL_NOISE -> new Candidate(spec, ordinary, value, null);
                    })
                .toList();
        lines.add(new Line(spec, false, values, candidates));
      }
    }
    if (lines.stream().allMatch(Line::flat)) {
      throw new IllegalArgumentException(
          "--optimizers must have one with the parameter %s of --over, but each has %s"
              .formatted(parameter, parameter.flat()));
    }
  }

  private static boolean lacks(OptimizerSpec spec, SweepParameter parameter) {
    return switch (parameter) {
      case LEARNING_RATE -> SweptRate.isFree(spec.plain());
      case TARGET_EPSILON -> !"dpsgd".equals(spec.plain().get("name"));
      case LABEL_NOISE -> false;
    };
  }

  /** Returns the candidates of all lines, in order. */
  public List<Candidate> candidates() {
    return lines.stream().flatMap(line -> line.candidates().stream()).toList();
  }

  /** Returns the index of the line to which each candidate belongs. */
  public List<Integer> lineOfCandidates() {
    List<Integer> indices = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      for (int k = 0; k < lines.get(i).candidates().size(); k++) {
        indices.add(i);
      }
    }
    return indices;
  }

  /** Returns the name of each candidate: "sgd, learning_rate 0.1". */
  public List<String> labels() {
    List<String> labels = new ArrayList<>();
    for (Line line : lines) {
      for (double value : line.values()) {
        String label = line.spec().label();
        labels.add(line.flat() ? label : label + ", " + parameter.with(value));
      }
    }
    return labels;
  }

  /** Returns the lines with the points that are complete, without lines that have none. */
  public List<SweepLine> lines(
      List<@Nullable Trials> trials, Function<OptimizerSpec, String> command) {
    List<SweepLine> complete = new ArrayList<>();
    int next = 0;
    for (Line line : lines) {
      List<SweepPoint> points = new ArrayList<>();
      for (double value : line.values()) {
        Trials own = trials.get(next++);
        if (own != null) {
          points.add(new SweepPoint(value, own));
        }
      }
      if (!points.isEmpty()) {
        complete.add(
            new SweepLine(line.spec().label(), line.flat(), points, command.apply(line.spec())));
      }
    }
    return complete;
  }
}
