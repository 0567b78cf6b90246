package dev.glissade.arena.report;

import dev.glissade.arena.data.Task;
import dev.glissade.arena.text.Text;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The frame of a page: head, facts, scripts and footer. */
final class Page {
  /** Options that other facts of the page tell, or its title or commands. */
  private static final Set<String> SHOWN =
      Set.of(
          "data",
          "task",
          "label",
          "optimizers",
          "model",
          "hidden",
          "epochs",
          "batch",
          "schedule",
          "label_noise",
          "seed",
          "seeds");

  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Page() {}

  /**
   * Returns a page.
   *
   * @param kind what the page shows, such as "comparison"
   * @param body the HTML between the facts and the footer
   * @param data plain values for the script
   * @param script the name of the page's own script
   */
  static String of(
      String kind, Setting setting, String body, Map<String, Object> data, String script) {
    UPlot uplot = UPlot.load();
    String scripts = Html.resource("charts.js") + Html.resource(script);
    Map<String, String> values = new LinkedHashMap<>();
    values.put("kind", kind);
    values.put("title", Html.escape(setting.data().name()));
    values.put("stopped", setting.stopped() ? Html.resource("stopped.html") : "");
    values.put("facts", facts(setting));
    values.put("body", body);
    values.put("command", Html.escape(setting.command()));
    values.put("data", Html.escapeJson(Text.json(data)));
    values.put("style", uplot.style() + "\n" + Html.resource("report.css"));
    values.put("uplot", uplot.script());
    values.put("script", scripts);
    values.put("hashes", hash(uplot.script()) + " " + hash(scripts));
    values.put("uplotVersion", Html.escape(uplot.version()));
    values.put("uplotLicense", Html.escape(uplot.license()));
    return Html.fill(Html.resource("page.html"), values);
  }

  private static String facts(Setting setting) {
    Map<String, String> facts = new LinkedHashMap<>();
    addData(facts, setting.data());
    facts.put("model", setting.model());
    facts.put("epochs", CellFormat.count(setting.epochs()));
    facts.put("batch", CellFormat.count(setting.batch()));
    facts.put("schedule", setting.schedule());
    addOptions(facts, setting.options());
    if (setting.labelNoise() > 0) {
      facts.put("wrong train labels", Axis.shown(100 * setting.labelNoise()) + " %");
    }
    facts.put(
        "seeds",
        setting.seeds() == 1
            ? String.valueOf(setting.seed())
            : setting.seed() + " to " + (setting.seed() + setting.seeds() - 1));
    facts.put("threads", CellFormat.count(setting.threads()));
    facts.put("started", MINUTES.format(setting.startedAt()));
    String template = Html.resource("fact.html");
    return facts.entrySet().stream()
        .map(fact ->
            Html.fill(
                template, Map.of("name", fact.getKey(), "value", Html.escape(fact.getValue()))))
        .collect(Collectors.joining());
  }

  private static void addOptions(Map<String, String> facts, Map<String, @Nullable Object> options) {
    options.forEach((name, value) -> {
      if (value != null && !value.equals(List.of()) && !SHOWN.contains(name)) {
        facts.put(name.replace('_', ' '), text(value));
      }
    });
  }

  private static String text(Object value) {
    return value instanceof List<?> list
        ? list.stream().map(String::valueOf).collect(Collectors.joining(", "))
        : value.toString();
  }

  private static void addData(Map<String, String> facts, Setting.DataFacts data) {
    facts.put("task", data.task().toString());
    if (!data.label().isEmpty()) {
      facts.put("label", data.label());
    }
    if (data.task() == Task.CLASSES) {
      facts.put("classes", CellFormat.count(data.classes()));
    }
    facts.put(
        "examples",
        "%s train, %s validation, %s test"
            .formatted(
                CellFormat.count(data.train()),
                CellFormat.count(data.validation()),
                CellFormat.count(data.test())));
    facts.put("features", CellFormat.count(data.features()));
  }

  /** Returns a cell of a table. */
  static String cell(String name, String style, String html) {
    return Html.fill(
        Html.resource("cell.html"), Map.of("name", name, "style", style, "value", html));
  }

  /** Returns the head of a column. */
  static String head(String name) {
    return Html.fill(Html.resource("head.html"), Map.of("name", name));
  }

  /** Returns the sample of a line beside its name. */
  static String chip(Palette.Style style) {
    return Html.fill(
        Html.resource("chip.html"),
        Map.of("hue", String.valueOf(style.hue()), "dash", String.valueOf(style.dash())));
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
