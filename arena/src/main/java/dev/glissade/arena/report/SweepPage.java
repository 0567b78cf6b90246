package dev.glissade.arena.report;

import dev.glissade.arena.report.SweepLine.SweepPoint;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the page of a sweep with its table and texts; a script draws the charts. */
final class SweepPage {
  private final Sweep sweep;
  private final List<SweepLine> ranked;
  private final IdentityHashMap<SweepLine, Palette.Style> styles = new IdentityHashMap<>();

  private SweepPage(Sweep sweep) {
    this.sweep = sweep;
    this.ranked = sweep.ranked();
    List<Palette.Style> all = Palette.of(sweep.lines().stream().map(SweepLine::label).toList());
    for (int i = 0; i < all.size(); i++) {
      styles.put(sweep.lines().get(i), all.get(i));
    }
  }

  static String of(Sweep sweep) {
    return new SweepPage(sweep).html();
  }

  private String html() {
    String title = sweep.parameter().title();
    Map<String, String> values = new LinkedHashMap<>();
    values.put(
        "heads", SweepCells.head(sweep).stream().map(Page::head).collect(Collectors.joining()));
    values.put("rows", ranked.stream().map(this::row).collect(Collectors.joining()));
    values.put("parameter", Html.escape(title));
    values.put("score", "Test " + score().quantity());
    values.put(
        "explained",
        Html.fill(
            Html.resource(sweep.parameter() + ".html"),
            Map.of("near", sweep.nearRule(), "metric", sweep.metric().name())));
    values.put("settings", ranked.stream().map(this::setting).collect(Collectors.joining()));
    String body = Html.fill(Html.resource("sweep.html"), values);
    return Page.of("sweep of " + title, sweep.setting(), body, data(), "sweep.js");
  }

  /** Returns the score that the first chart shows, whatever decides which value is best. */
  private Metric score() {
    return sweep.setting().score();
  }

  private Palette.Style style(SweepLine line) {
    Palette.Style style = styles.get(line);
    if (style == null) {
      throw new IllegalStateException("a ranked line is not of the sweep: " + line.label());
    }
    return style;
  }

  private String row(SweepLine line) {
    List<String> heads = SweepCells.head(sweep);
    List<String> texts = SweepCells.of(sweep, line, "\u2013");
    int main = sweep.parameter().isChoice() ? 1 : SweepCells.results(sweep);
    StringBuilder cells = new StringBuilder();
    for (int i = 0; i < heads.size(); i++) {
      cells.append(Page.cell(heads.get(i), i < main ? "main" : "", Html.escape(texts.get(i))));
    }
    return Html.fill(
        Html.resource("row.html"),
        Map.of(
            "chip", Page.chip(style(line)),
            "label", Html.escape(line.label()),
            "mark", "",
            "cells", cells.toString()));
  }

  private String setting(SweepLine line) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("chip", Page.chip(style(line)));
    values.put("label", Html.escape(line.label()));
    values.put("mark", "");
    values.put("command", Html.escape(line.command()));
    values.put("optimizer", "");
    values.put("notes", Html.escape(String.join(" ", Run.commonNotes(line.runs()))));
    return Html.fill(Html.resource("setting.html"), values);
  }

  private Map<String, Object> data() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("score", ComparisonPage.metric(score()));
    data.put("parameter", sweep.parameter().title());
    data.put("logarithmic", sweep.parameter().isLogarithmic());
    data.put("values", sweep.values());
    data.put("runs", ranked.stream().map(this::line).toList());
    data.put("csv", ResultsCsv.of(sweep));
    data.put(
        "pictures",
        Map.of(
            "score", SweepPicture.of(sweep, score()),
            "loss", SweepPicture.of(sweep, Metric.TEST_LOSS)));
    return data;
  }

  private Map<String, @Nullable Object> line(SweepLine line) {
    List<SweepPoint> points = new ArrayList<>(line.points());
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    plain.put("label", line.label());
    plain.put("hue", style(line).hue());
    plain.put("dash", style(line).dash());
    plain.put("flat", line.flat());
    plain.put("divergedAt", points.stream().map(point -> point.trials().diverged()).toList());
    plain.put("values", line.flat() ? null : points.stream().map(SweepPoint::value).toList());
    addNumbers(plain, "score", score(), points);
    addNumbers(plain, "loss", Metric.TEST_LOSS, points);
    return plain;
  }

  private static void addNumbers(
      Map<String, @Nullable Object> plain, String key, Metric metric, List<SweepPoint> points) {
    plain.put(key, points.stream().map(p -> metric.of(p.trials().mean())).toList());
    if (points.stream().allMatch(point -> point.trials().bySeed().size() > 1)) {
      plain.put(
          key + "Band",
          List.of(
              SweepPicture.edge(points, metric, true), SweepPicture.edge(points, metric, false)));
    }
  }
}
