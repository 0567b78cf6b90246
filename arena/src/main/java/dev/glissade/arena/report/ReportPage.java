package dev.glissade.arena.report;

import dev.glissade.arena.text.Text;
import dev.glissade.checkpoint.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes index.html with its table and texts; report.js draws the charts. */
final class ReportPage {
  private static final int HUES = 8;
  private static final int DASHES = 3;
  private static final int MOST_POINTS = 1000;
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Comparison comparison;
  private final List<Run> ranked;

  private ReportPage(Comparison comparison) {
    this.comparison = comparison;
    this.ranked = comparison.ranked();
  }

  static String of(Comparison comparison) {
    return new ReportPage(comparison).html();
  }

  private String html() {
    UPlot uplot = UPlot.load();
    String script = Html.resource("report.js");
    Map<String, String> values = new LinkedHashMap<>();
    values.put("title", Html.escape(comparison.data()));
    values.put("facts", facts());
    values.put("rows", each("row.html"));
    values.put("settings", each("setting.html"));
    values.put("runs", String.valueOf(ranked.size()));
    values.put("data", Html.escapeJson(Text.json(data())));
    values.put("style", uplot.style() + "\n" + Html.resource("report.css"));
    values.put("uplot", uplot.script());
    values.put("script", script);
    values.put("hashes", hash(uplot.script()) + " " + hash(script));
    values.put("uplotVersion", Html.escape(uplot.version()));
    values.put("uplotLicense", Html.escape(uplot.license()));
    return Html.fill(Html.resource("index.html"), values);
  }

  private String facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("model", comparison.model());
    facts.put(
        "examples",
        "%s train, %s test"
            .formatted(
                CellFormat.count(comparison.trainExamples()),
                CellFormat.count(comparison.testExamples())));
    facts.put("features", CellFormat.count(comparison.features()));
    facts.put("classes", CellFormat.count(comparison.classes()));
    facts.put("epochs", CellFormat.count(comparison.epochs()));
    facts.put("batch", CellFormat.count(comparison.batch()));
    facts.put("schedule", comparison.schedule());
    facts.put("seed", String.valueOf(comparison.seed()));
    facts.put("threads", CellFormat.count(comparison.threads()));
    facts.put("started", MINUTES.format(comparison.startedAt()));
    String template = Html.resource("fact.html");
    return facts.entrySet().stream()
        .map(fact ->
            Html.fill(
                template, Map.of("name", fact.getKey(), "value", Html.escape(fact.getValue()))))
        .collect(Collectors.joining());
  }

  private String each(String template) {
    String text = Html.resource(template);
    return ranked.stream().map(run -> Html.fill(text, values(run))).collect(Collectors.joining());
  }

  private Map<String, String> values(Run run) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("label", Html.escape(run.label()));
    values.put("chip", chip(run));
    values.put("mark", run.diverged() ? Html.resource("diverged.html") : "");
    values.put("loss", Html.escape(CellFormat.loss(run.trainLoss())));
    values.put("testLoss", Html.escape(CellFormat.loss(run.testLoss())));
    values.put("accuracy", Html.escape(CellFormat.accuracy(run.testAccuracy())));
    values.put("seconds", Html.escape(CellFormat.seconds(run.seconds())));
    values.put("stepSize", CellFormat.stepSize(run.learnedStepSize(), "\u2013"));
    values.put("optimizer", Html.escape(pretty(run.plainOptimizer())));
    values.put("notes", Html.escape(String.join(" ", run.notes())));
    return values;
  }

  private static String pretty(Object plain) {
    return plain instanceof String text ? text : Json.STRICT.pretty(plain);
  }

  private String chip(Run run) {
    return Html.fill(
        Html.resource("chip.html"),
        Map.of("hue", String.valueOf(hue(run)), "dash", String.valueOf(dash(run))));
  }

  private int hue(Run run) {
    return index(run) % HUES;
  }

  private int dash(Run run) {
    return index(run) / HUES % DASHES;
  }

  /** Returns the run's place in the order of --optimizers, by identity: two runs may be equal. */
  @SuppressWarnings("ReferenceEquality")
  private int index(Run run) {
    for (int i = 0; i < comparison.runs().size(); i++) {
      if (comparison.runs().get(i) == run) {
        return i;
      }
    }
    throw new IllegalStateException("a ranked run is not of the comparison: " + run.label());
  }

  private Map<String, Object> data() {
    return Map.of("runs", ranked.stream().map(this::curves).toList());
  }

  private Map<String, @Nullable Object> curves(Run run) {
    int[] shown = Curves.thinned(run.steps().length, MOST_POINTS);
    double[] sizes = run.stepSizes();
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    plain.put("label", run.label());
    plain.put("hue", hue(run));
    plain.put("dash", dash(run));
    plain.put("diverged", run.diverged());
    plain.put("steps", Arrays.stream(shown).mapToLong(i -> run.steps()[i]).toArray());
    plain.put("loss", Curves.at(run.smoothedLosses(), shown));
    plain.put("accuracy", run.epochAccuracies());
    plain.put("stepSize", sizes == null ? null : Curves.at(sizes, shown));
    return plain;
  }

  /** Returns the script's hash for the page's content security policy. */
  private static String hash(String script) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
