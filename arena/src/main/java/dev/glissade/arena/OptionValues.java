package dev.glissade.arena;

import dev.glissade.arena.data.Task;
import dev.glissade.arena.train.Plan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options of a command that decide its results, as plain values for JSON. An option that is new
 * is among them without further ado.
 */
final class OptionValues {
  /** Options that only decide what is shown, written and saved, and how fast. */
  private static final Set<String> OUTPUT =
      Set.of(
          "--help",
          "--version",
          "--report",
          "--out",
          "--json",
          "--threads",
          "--checkpoint",
          "--every",
          "--keep",
          "--resume",
          "--report-norms");

  private OptionValues() {}

  /** Returns whether an option changes nothing about the results. */
  static boolean isOutput(OptionSpec option) {
    return OUTPUT.contains(option.longestName());
  }

  /**
   * Returns the options under snake_case names, given or by default; null for one that is neither.
   *
   * @param task what the models predict
   * @param plan how they are trained
   */
  static Map<String, @Nullable Object> of(CommandSpec spec, Task task, Plan plan) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (OptionSpec option : spec.options()) {
      if (!isOutput(option)) {
        values.put(key(option), plain(option.getValue()));
      }
    }
    values.put("task", task.toString());
    values.put("batch", plan.batch());
    values.put("loss", task == Task.CLASSES ? "cross_entropy" : plan.fit().loss().toString());
    return values;
  }

  /** Returns the name in JSON: "label_noise" of --label-noise. */
  static String key(OptionSpec option) {
    return option.longestName().replaceFirst("^-+", "").replace('-', '_').toLowerCase(Locale.ROOT);
  }

  private static @Nullable Object plain(@Nullable Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(OptionValues::plain).toList();
    }
    return value == null || value instanceof Number || value instanceof Boolean
        ? value
        : value.toString();
  }
}
