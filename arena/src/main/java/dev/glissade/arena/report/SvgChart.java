package dev.glissade.arena.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Draws lines with bands as an SVG picture on white, which needs no script and no other file. */
final class SvgChart {
  private static final int WIDTH = 800;
  private static final int HEIGHT = 420;
  private static final int LEFT = 62;
  private static final int RIGHT = 560;
  private static final int TOP = 52;
  private static final int BOTTOM = 370;
  private static final int MOST_POINTS = 200;
  private static final String GRAY = "#5c6675";

  /**
   * One line.
   *
   * @param note a remark beside the label in the legend, or empty
   * @param lows the lower edge of the band, or null without a band
   * @param dots whether to mark the points
   * @param bad the points to mark as diverged
   */
  record Line(
      String label,
      String group,
      String note,
      Palette.Style style,
      double[] xs,
      double[] ys,
      double @Nullable [] lows,
      double @Nullable [] highs,
      boolean dots,
      boolean[] bad) {}

  private final String title;
  private final String xName;
  private final Axis x;
  private final Axis y;
  private final List<Line> lines;
  private final String noteHead;
  private final StringBuilder out = new StringBuilder();

  private SvgChart(String title, String xName, Axis x, Axis y, List<Line> lines, String noteHead) {
    this.title = title;
    this.xName = xName;
    this.x = x;
    this.y = y;
    this.lines = lines;
    this.noteHead = noteHead;
  }

  /**
   * Returns the picture of lines that all have points.
   *
   * @param noteHead the head of the notes in the legend, or empty
   */
  static String of(String title, String xName, Axis x, Axis y, List<Line> lines, String noteHead) {
    return new SvgChart(title, xName, x, y, lines, noteHead).svg();
  }

  private String svg() {
    add(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' height='%d'"
            + " font-family='system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial,"
            + " sans-serif' font-size='13'>",
        WIDTH, HEIGHT, WIDTH, HEIGHT);
    add("<title>%s</title>", Html.escape(title));
    add("<rect width='%d' height='%d' fill='#fff'/>", WIDTH, HEIGHT);
    add(
        "<text x='%d' y='26' font-size='16' font-weight='600' fill='#1b2330'>%s</text>",
        LEFT, Html.escape(title));
    add(
        "<clipPath id='plot'><rect x='%d' y='%d' width='%d' height='%d'/></clipPath>",
        LEFT, TOP - 6, RIGHT - LEFT, BOTTOM - TOP + 12);
    axes();
    // Lines with dots come last, so that nothing hides the dots.
    for (Line line : lines.stream().sorted(Comparator.comparing(Line::dots)).toList()) {
      add("<g data-label='%s'>", Html.escape(line.label()));
      band(line);
      line(line);
      add("</g>");
    }
    legend();
    return out.append("</svg>\n").toString();
  }

  private void axes() {
    for (Axis.Tick tick : y.ticks()) {
      double at = atY(tick.value());
      add("<path d='M%d %.1fH%d' stroke='#e2e5ea'/>", LEFT, at, RIGHT);
      add(
          "<text x='%d' y='%.1f' text-anchor='end' fill='%s'>%s</text>",
          LEFT - 8, at + 4.5, GRAY, Html.escape(tick.label()));
    }
    for (Axis.Tick tick : x.ticks()) {
      double at = atX(tick.value());
      add("<path d='M%.1f %dV%d' stroke='#eceff3'/>", at, TOP, BOTTOM);
      add(
          "<text x='%.1f' y='%d' text-anchor='middle' fill='%s'>%s</text>",
          at, BOTTOM + 20, GRAY, Html.escape(tick.label()));
    }
    add(
        "<text x='%d' y='%d' text-anchor='middle' fill='%s'>%s</text>",
        (LEFT + RIGHT) / 2, BOTTOM + 40, GRAY, Html.escape(xName));
  }

  private void band(Line line) {
    double[] lows = line.lows();
    double[] highs = line.highs();
    if (lows == null || highs == null) {
      return;
    }
    List<String> up = new ArrayList<>();
    List<String> down = new ArrayList<>();
    for (int i : Curves.thinned(line.xs().length, MOST_POINTS)) {
      if (y.holds(lows[i]) && y.holds(highs[i])) {
        up.add("%s,%s".formatted(number(atX(line.xs()[i])), number(atY(highs[i]))));
        down.add(0, "%s,%s".formatted(number(atX(line.xs()[i])), number(atY(lows[i]))));
      }
    }
    up.addAll(down);
    add(
        "<polygon clip-path='url(#plot)' fill='%s' fill-opacity='.15' points='%s'/>",
        line.style().color(), String.join(" ", up));
  }

  private void line(Line line) {
    StringBuilder path = new StringBuilder();
    StringBuilder marks = new StringBuilder();
    boolean gap = true;
    for (int i : Curves.thinned(line.xs().length, MOST_POINTS)) {
      if (!y.holds(line.ys()[i])) {
        gap = true;
        continue;
      }
      String at = number(atX(line.xs()[i])) + " " + number(atY(line.ys()[i]));
      path.append(gap ? "M" : "L").append(at);
      gap = false;
      if (line.bad()[i]) {
        marks.append("M%sm-4-4l8 8m0-8l-8 8".formatted(at));
      } else if (line.dots()) {
        marks.append("M%sm-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0z".formatted(at));
      }
    }
    add(
        "<path clip-path='url(#plot)' d='%s' fill='none' stroke='%s' stroke-width='2'"
            + " stroke-linejoin='round' stroke-dasharray='%s'/>",
        path, line.style().color(), line.style().dashArray());
    if (marks.length() > 0) {
      add(
          "<path clip-path='url(#plot)' d='%s' fill='%s' stroke='%s' stroke-width='1.5'/>",
          marks, line.style().color(), line.style().color());
    }
  }

  private void legend() {
    double at = TOP + 6;
    String group = "";
    for (Line line : lines) {
      if (!line.group().equals(group)) {
        group = line.group();
        at += group.equals(lines.get(0).group()) ? 0 : 12;
        add(
            "<text x='%d' y='%.1f' fill='%s' font-size='12'>%s</text>",
            RIGHT + 18, at + 4, GRAY, Html.escape(group));
        add(
            "<text x='%d' y='%.1f' fill='%s' font-size='12' text-anchor='end'>%s</text>",
            WIDTH - 12, at + 4, GRAY, Html.escape(noteHead));
        at += 20;
      }
      add("<g data-label='%s'>", Html.escape(line.label()));
      add(
          "<path d='M%d %.1fh24' stroke='%s' stroke-width='3' stroke-dasharray='%s'/>",
          RIGHT + 18, at, line.style().color(), line.style().dashArray());
      add(
          "<text x='%d' y='%.1f' fill='#1b2330'>%s</text>",
          RIGHT + 50, at + 4.5, Html.escape(shortened(line.label())));
      add(
          "<text x='%d' y='%.1f' fill='%s' text-anchor='end'>%s</text>",
          WIDTH - 12, at + 4.5, GRAY, Html.escape(line.note()));
      add("</g>");
      at += 20;
    }
  }

  private static String shortened(String label) {
    int[] points = label.codePoints().toArray();
    return points.length <= 20 ? label : new String(points, 0, 18) + "\u2026";
  }

  private double atX(double value) {
    return LEFT + x.share(value) * (RIGHT - LEFT);
  }

  private double atY(double value) {
    return BOTTOM - y.share(value) * (BOTTOM - TOP);
  }

  private static String number(double at) {
    return String.format(Locale.ROOT, "%.1f", at);
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private void add(String pattern, Object... values) {
    out.append(String.format(Locale.ROOT, pattern, values)).append('\n');
  }

  /**
   * Returns the numbers of all lines' points and bands, for the range of an axis: without points
   * that diverged, unless all did.
   */
  static double[] all(List<Line> lines) {
    double[] calm = all(lines, false);
    return calm.length > 0 ? calm : all(lines, true);
  }

  private static double[] all(List<Line> lines, boolean diverged) {
    return lines.stream()
        .flatMapToDouble(line -> numbers(line, diverged))
        .filter(Double::isFinite)
        .toArray();
  }

  private static DoubleStream numbers(Line line, boolean diverged) {
    return Stream.of(line.ys(), line.lows(), line.highs())
        .filter(Objects::nonNull)
        .flatMapToDouble(ys ->
            IntStream.range(0, ys.length)
                .filter(i -> diverged || !line.bad()[i])
                .mapToDouble(i -> ys[i]));
  }

  /** Returns the x of all lines' points. */
  static double[] allXs(List<Line> lines) {
    return lines.stream().flatMapToDouble((Line line) -> DoubleStream.of(line.xs())).toArray();
  }
}
