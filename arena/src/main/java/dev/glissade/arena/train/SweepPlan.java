package dev.glissade.arena.train;

import dev.glissade.arena.report.SweepLine;
import dev.glissade.arena.report.SweepLine.SweepPoint;
import dev.glissade.arena.report.SweepParameter;
import dev.glissade.arena.report.Trials;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The runs of a sweep: a candidate for each value, or one if the optimizer lacks the parameter. */
public final class SweepPlan {
  private final SweepParameter parameter;
  private final List<Line> lines = new ArrayList<>();

  /**
   * One optimizer of the sweep.
   *
   * @param optimizers the optimizer at each value
   */
  private record Line(
      OptimizerSpec spec, boolean flat, List<Double> values, List<OptimizerSpec> optimizers) {}

  /** Plans a sweep, and refuses one in which no optimizer has the parameter. */
  public SweepPlan(List<OptimizerSpec> specs, SweepParameter parameter, List<Double> values) {
    this.parameter = parameter;
    for (OptimizerSpec spec : specs) {
      boolean flat = lacks(spec, parameter);
      boolean rates = parameter == SweepParameter.LEARNING_RATE;
      lines.add(
          flat
              ? new Line(spec, true, List.of(Double.NaN), List.of(spec))
              : new Line(
                  spec,
                  false,
                  values,
                  values.stream().map(x -> rates ? SweptRate.set(spec, x) : spec).toList()));
    }
    if (lines.stream().allMatch(Line::flat)) {
      String labels = specs.stream().map(OptimizerSpec::label).collect(Collectors.joining(", "));
      throw new IllegalArgumentException(
          "--optimizers must have one with the parameter %s of --over%s, but had only %s"
              .formatted(
                  parameter,
                  parameter == SweepParameter.TARGET_EPSILON ? ", such as dpsgd" : "",
                  labels));
    }
  }

  private static boolean lacks(OptimizerSpec spec, SweepParameter parameter) {
    return switch (parameter) {
      case LEARNING_RATE -> SweptRate.isFree(spec.plain());
      case TARGET_EPSILON -> !spec.isPrivate();
      case LABEL_NOISE -> false;
    };
  }

  /**
   * Returns the candidates of all lines, in order.
   *
   * @param ordinary how to train ordinarily
   * @param privately how to train privately, for a sweep of epsilon
   * @param labelNoise the share of wrong train labels, unless the sweep varies it
   */
  public List<Candidate> candidates(Plan ordinary, Plan privately, double labelNoise) {
    List<Candidate> candidates = new ArrayList<>();
    for (Line line : lines) {
      for (int i = 0; i < line.values().size(); i++) {
        OptimizerSpec spec = line.optimizers().get(i);
        double value = line.values().get(i);
        boolean swept = !line.flat();
        candidates.add(
            swept && parameter == SweepParameter.TARGET_EPSILON
                ? new Candidate(spec, privately, labelNoise, value)
                : new Candidate(
                    spec,
                    ordinary,
                    swept && parameter == SweepParameter.LABEL_NOISE ? value : labelNoise,
                    null));
      }
    }
    return candidates;
  }

  /** Returns the index of the line to which each candidate belongs. */
  public List<Integer> lineOfCandidates() {
    List<Integer> indices = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      for (int k = 0; k < lines.get(i).values().size(); k++) {
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
