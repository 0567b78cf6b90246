package dev.glissade.arena.report;

import dev.glissade.arena.report.SvgChart.Line;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Draws the curves of a comparison as SVG, by the names of the charts on the page. */
final class ComparisonPictures {
  private final List<Trials> ranked;
  private final Function<Trials, Palette.Style> style;

  private ComparisonPictures(List<Trials> ranked, Function<Trials, Palette.Style> style) {
    this.ranked = ranked;
    this.style = style;
  }

  static Map<String, String> of(
      Comparison comparison, List<Trials> ranked, Function<Trials, Palette.Style> style) {
    ComparisonPictures pictures = new ComparisonPictures(ranked, style);
    Map<String, String> all = new LinkedHashMap<>();
    Metric metric = comparison.metric();
    String scores = "Validation " + metric.quantity();
    Function<double[], Axis> logarithmic = ys -> Axis.around(ys, true);
    pictures.add(all, "loss", "Training loss", "step", Run::smoothedLosses, logarithmic);
    pictures.add(all, "score", scores, "epoch", Run::validationScores, ys -> Axis.of(metric, ys));
    pictures.add(all, "step", "Learned step size", "step", Run::stepSizes, logarithmic);
    return all;
  }

  private void add(
      Map<String, String> all,
      String key,
      String title,
      String xName,
      Function<Run, double @Nullable []> curve,
      Function<double[], Axis> axis) {
    List<Line> lines = new ArrayList<>();
    for (Trials trials : ranked) {
      double[] ys = curve.apply(trials.mean());
      if (ys != null && ys.length > 0) {
        lines.add(line(trials, xName, ys, curve));
      }
    }
    if (!lines.isEmpty()) {
      Axis y = axis.apply(SvgChart.all(lines));
      double last = Arrays.stream(SvgChart.allXs(lines)).max().orElse(1);
      Axis x = Axis.exactly(xName.equals("epoch") ? 1 : 0, last, false);
      all.put(key, SvgChart.of(title, xName, x, y, lines, ""));
    }
  }

  private Line line(
      Trials trials, String xName, double[] ys, Function<Run, double @Nullable []> curve) {
    Run mean = trials.mean();
    double[] xs =
        IntStream.range(0, ys.length)
            .mapToDouble(i -> xName.equals("epoch") ? i + 1 : mean.steps()[i])
            .toArray();
    boolean[] bad = new boolean[ys.length];
    bad[ys.length - 1] = trials.diverged();
    double[][] band =
        trials.bySeed().size() > 1
            ? trials.range(run -> orEmpty(curve.apply(run)), ys.length)
            : null;
    return new Line(
        trials.label(),
        "",
        "",
        style.apply(trials),
        xs,
        ys,
        band == null ? null : band[0],
        band == null ? null : band[1],
        ys.length == 1,
        bad);
  }

  private static double[] orEmpty(double @Nullable [] curve) {
    return curve == null ? new double[0] : curve;
  }
}
