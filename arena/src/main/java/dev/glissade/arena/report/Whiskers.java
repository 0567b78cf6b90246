package dev.glissade.arena.report;

import java.util.List;
import java.util.Locale;

/** Draws the spread of an optimizer's seeds on an axis that all rows of a table share. */
final class Whiskers {
  private static final int WIDTH = 120;
  private static final int MARGIN = 5;

  private Whiskers() {}

  /** Returns a dot for each seed, a bar at the mean and a line of one standard deviation. */
  static String of(Comparison comparison, Trials trials, Palette.Style style) {
    Metric metric = comparison.metric();
    Axis axis = Axis.around(shared(comparison), false);
    Statistics statistics = trials.statistics(metric::of);
    StringBuilder svg = new StringBuilder();
    add(
        svg,
        "<svg class='whiskers hue%d' viewBox='0 0 %d 16' role='img' aria-label='%s'>",
        style.hue(),
        WIDTH,
        Html.escape(metric.format(statistics)));
    if (statistics.hasDeviation()) {
      double from = at(axis, statistics.mean() - statistics.deviation());
      double to = at(axis, statistics.mean() + statistics.deviation());
      add(svg, "<path class='line' d='M%.1f 8H%.1f'/>", from, to);
      double mean = at(axis, statistics.mean());
      add(svg, "<path class='mean' d='M%.1f 2v12'/>", mean);
    }
    for (double number : trials.numbers(metric::of).values()) {
      if (Double.isFinite(number)) {
        add(svg, "<circle cx='%.1f' cy='8' r='2'/>", at(axis, number));
      }
    }
    return svg.append("</svg>").toString();
  }

  /** Returns the numbers that set the axis: those of all runs that did not diverge, if any. */
  private static double[] shared(Comparison comparison) {
    List<Trials> calm = comparison.trials().stream().filter(t -> !t.diverged()).toList();
    return (calm.isEmpty() ? comparison.trials() : calm)
        .stream()
            .flatMap(t -> t.numbers(comparison.metric()::of).values().stream())
            .mapToDouble(Double::doubleValue)
            .toArray();
  }

  private static double at(Axis axis, double number) {
    double share = Math.max(0, Math.min(1, axis.share(number)));
    return MARGIN + share * (WIDTH - 2 * MARGIN);
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private static void add(StringBuilder svg, String pattern, Object... values) {
    svg.append(String.format(Locale.ROOT, pattern, values));
  }
}
