package dev.glissade.arena.report;

import dev.glissade.arena.report.Columns.Column;
import dev.glissade.checkpoint.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the page of a comparison with its table and texts; a script draws the charts. */
final class ComparisonPage {
  private static final int MOST_POINTS = 1000;
  private static final String NONE = "\u2013";

  private final Comparison comparison;
  private final List<Trials> ranked;
  private final List<Palette.Style> styles;

  private ComparisonPage(Comparison comparison) {
    this.comparison = comparison;
    this.ranked = comparison.ranked();
    this.styles = Palette.of(comparison.trials().stream().map(Trials::label).toList());
  }

  static String of(Comparison comparison) {
    return new ComparisonPage(comparison).html();
  }

  private String html() {
    List<Column> columns = Columns.of(comparison, NONE);
    List<String> heads = new ArrayList<>(columns.stream().map(Column::name).toList());
    if (comparison.hasSpread()) {
      heads.add(1, "spread");
    }
    Map<String, String> values = new LinkedHashMap<>();
    values.put("heads", heads.stream().map(Page::head).collect(Collectors.joining()));
    values.put("rows", ranked.stream().map(t -> row(t, columns)).collect(Collectors.joining()));
    values.put("spread", comparison.hasSpread() ? Html.resource("spread.html") : "");
    values.put("epsilon", comparison.isPrivate() ? Html.resource("epsilon.html") : "");
    values.put("score", "Validation " + comparison.metric().quantity());
    values.put("settings", ranked.stream().map(this::setting).collect(Collectors.joining()));
    String body = Html.fill(Html.resource("comparison.html"), values);
    return Page.of("comparison", comparison.setting(), body, data(), "comparison.js");
  }

  private String row(Trials trials, List<Column> columns) {
    List<String> cells = new ArrayList<>();
    for (Column column : columns) {
      String text = Html.escape(column.text().apply(trials));
      cells.add(Page.cell(column.name(), column.style().apply(trials), text));
    }
    if (comparison.hasSpread()) {
      cells.add(1, Page.cell("spread", "spread", Whiskers.of(comparison, trials, style(trials))));
    }
    return Html.fill(
        Html.resource("row.html"),
        Map.of(
            "chip", Page.chip(style(trials)),
            "label", Html.escape(trials.label()),
            "mark", mark(trials),
            "cells", String.join("", cells)));
  }

  private static String mark(Trials trials) {
    return trials.diverged() ? Html.resource("diverged.html") : "";
  }

  private String setting(Trials trials) {
    Run mean = trials.mean();
    Object plain = mean.plainOptimizer();
    Map<String, String> values = new LinkedHashMap<>();
    values.put("chip", Page.chip(style(trials)));
    values.put("label", Html.escape(trials.label()));
    values.put("mark", mark(trials));
    values.put("command", Html.escape(comparison.commands().get(index(trials))));
    values.put(
        "optimizer", Html.escape(plain instanceof String text ? text : Json.STRICT.pretty(plain)));
    values.put("notes", Html.escape(String.join(" ", mean.notes())));
    return Html.fill(Html.resource("setting.html"), values);
  }

  private Palette.Style style(Trials trials) {
    return styles.get(index(trials));
  }

  /** Returns the place in the order of --optimizers, by identity: two trials may be equal. */
  @SuppressWarnings("ReferenceEquality")
  private int index(Trials trials) {
    for (int i = 0; i < comparison.trials().size(); i++) {
      if (comparison.trials().get(i) == trials) {
        return i;
      }
    }
    throw new IllegalStateException("ranked trials are not of the comparison: " + trials.label());
  }

  private Map<String, Object> data() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("score", metric(comparison.metric()));
    data.put("runs", ranked.stream().map(this::curves).toList());
    data.put("csv", ResultsCsv.of(comparison));
    data.put("pictures", ComparisonPictures.of(comparison, ranked, this::style));
    return data;
  }

  static Map<String, Object> metric(Metric metric) {
    return Map.of(
        "scale", metric.scale(),
        "decimals", metric.decimals(),
        "unit", metric.unit(),
        "floor", metric.floor(),
        "ceiling", metric.ceiling());
  }

  private Map<String, @Nullable Object> curves(Trials trials) {
    Run mean = trials.mean();
    int[] shown = Curves.thinned(mean.steps().length, MOST_POINTS);
    double[] sizes = mean.stepSizes();
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    plain.put("label", trials.label());
    plain.put("hue", style(trials).hue());
    plain.put("dash", style(trials).dash());
    plain.put("diverged", trials.diverged());
    plain.put("seconds", mean.seconds());
    plain.put("steps", Arrays.stream(shown).mapToLong(i -> mean.steps()[i]).toArray());
    plain.put("loss", Curves.at(mean.smoothedLosses(), shown));
    plain.put("score", mean.validationScores());
    plain.put("stepSize", sizes == null ? null : Curves.at(sizes, shown));
    if (trials.bySeed().size() > 1) {
      double[][] losses = trials.range(Run::smoothedLosses, mean.steps().length);
      double[][] scores = trials.range(Run::validationScores, mean.validationScores().length);
      plain.put("lossBand", List.of(Curves.at(losses[0], shown), Curves.at(losses[1], shown)));
      plain.put("scoreBand", List.of(scores[0], scores[1]));
    }
    return plain;
  }
}
