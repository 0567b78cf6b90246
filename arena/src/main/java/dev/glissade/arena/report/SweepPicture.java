package dev.glissade.arena.report;

import dev.glissade.arena.report.SvgChart.Line;
import dev.glissade.arena.report.SweepLine.SweepPoint;
import dev.glissade.arena.text.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Draws a sweep as SVG: one line for each optimizer over the values of the parameter. */
public final class SweepPicture {
  private SweepPicture() {}

  /** Returns the picture of a metric. */
  public static String of(Sweep sweep, Metric metric) {
    List<Palette.Style> styles = Palette.of(sweep.lines().stream().map(SweepLine::label).toList());
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < sweep.lines().size(); i++) {
      lines.add(line(sweep, metric, sweep.lines().get(i), styles.get(i)));
    }
    lines.sort(Comparator.comparing(Line::dots).reversed());
    Axis y = Axis.of(metric, SvgChart.all(lines));
    Axis x =
        Axis.exactly(
            sweep.values().get(0),
            sweep.values().get(sweep.values().size() - 1),
            sweep.parameter().isLogarithmic());
    return SvgChart.of(title(sweep, metric), sweep.parameter().title(), x, y, lines, "all runs");
  }

  private static String title(Sweep sweep, Metric metric) {
    Setting setting = sweep.setting();
    return "Test %s on %s, %s%s"
        .formatted(
            metric.quantity(),
            setting.data().name(),
            Text.count(setting.epochs(), "epoch", "epochs"),
            setting.seeds() == 1 ? "" : ", mean and range of %d seeds".formatted(setting.seeds()));
  }

  private static Line line(Sweep sweep, Metric metric, SweepLine line, Palette.Style style) {
    List<SweepPoint> points = new ArrayList<>(line.points());
    double[] xs = line.points().stream().mapToDouble(SweepPoint::value).toArray();
    if (line.flat()) {
      points.add(points.get(0));
      List<Double> values = sweep.values();
      xs = new double[] {values.get(0), values.get(values.size() - 1)};
    }
    double[] ys = points.stream().mapToDouble(p -> metric.of(p.trials().mean())).toArray();
    boolean spread = points.stream().allMatch(p -> p.trials().bySeed().size() > 1);
    boolean[] bad = new boolean[ys.length];
    for (int i = 0; i < bad.length; i++) {
      bad[i] = points.get(i).trials().diverged();
    }
    String group = line.flat() ? sweep.parameter().flat() : sweep.parameter().title() + " swept";
    return new Line(
        line.label(),
        group,
        CellFormat.wholeSeconds(line.totalSeconds()),
        style,
        xs,
        ys,
        spread ? edge(points, metric, true) : null,
        spread ? edge(points, metric, false) : null,
        !line.flat(),
        bad);
  }

  static double[] edge(List<SweepPoint> points, Metric metric, boolean low) {
    return points.stream()
        .mapToDouble(point -> {
          double[] all =
              point.trials().numbers(metric::of).values().stream()
                  .mapToDouble(Double::doubleValue)
                  .toArray();
          return Arrays.stream(all).reduce(low ? Math::min : Math::max).orElse(Double.NaN);
        })
        .toArray();
  }
}
