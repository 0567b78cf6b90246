package dev.glissade.arena;

import dev.glissade.arena.data.Task;
import dev.glissade.arena.train.Plan;
import dev.glissade.arena.train.PrivacyMechanism;
import dev.glissade.models.Mlp;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options of a command that decide its results, as plain values for JSON. All options are among
 * them but those named here, so a new option is, too.
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
   * Returns the options under snake_case names, with the values that were used; null for an option
   * that was not given and has no effect then.
   *
   * @param task what the models predict
   * @param plan how they are trained
   * @param model the model that was trained
   */
  static Map<String, @Nullable Object> of(CommandSpec spec, Task task, Plan plan, Mlp model) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (OptionSpec option : spec.options()) {
      if (!isOutput(option)) {
        values.put(key(option), plain(option.getValue()));
      }
    }
    values.put("task", task.toString());
    values.put("batch", BatchSize.plain(plan.batch()));
    values.put("loss", task == Task.CLASSES ? "cross_entropy" : plan.fit().loss().toString());
    values.put("hidden", model.hidden());
    if (values.get("model") == null) {
      values.put("model", kind(task, model));
    }
    if (values.containsKey("delta") && values.get("target_epsilon") != null) {
      values.computeIfAbsent("delta", key -> PrivacyMechanism.DELTA);
    }
    return values;
  }

  private static String kind(Task task, Mlp model) {
    boolean layers = !model.hidden().isEmpty();
    return layers ? "mlp" : task == Task.CLASSES ? "softmax" : "linear";
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
