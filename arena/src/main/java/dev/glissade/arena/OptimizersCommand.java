package dev.glissade.arena;

import dev.glissade.arena.text.Text;
import dev.glissade.arena.train.Presets;
import dev.glissade.catalog.Catalog;
import dev.glissade.catalog.Entry;
import dev.glissade.checkpoint.json.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the optimizers, the schedules and the functions that some take, with their arguments. */
@Command(
    name = "optimizers",
    mixinStandardHelpOptions = true,
    versionProvider = Glissade.Version.class,
    description = {
      "Lists optimizers, schedules, and functions that some of them take, such as conditions and"
          + " measures, with their arguments and defaults. An argument without a default is"
          + " required; a line \"preset\" shows the arguments that train and compare use unless you"
          + " pass others."
    })
final class OptimizersCommand implements Callable<Integer> {
  private static final Catalog CATALOG = Catalog.standard();

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  OptimizersCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("optimizers", plain(Entry::isOptimizer));
      all.put("schedules", plain(Entry::isSchedule));
      all.put("functions", plain(OptimizersCommand::isFunction));
      out.println(Json.STRICT.pretty(all));
    } else {
      out.println("Optimizers and transformations:");
      entries(Entry::isOptimizer).forEach(entry -> print(out, entry));
      out.printf("%nSchedules:%n");
      entries(Entry::isSchedule).forEach(entry -> print(out, entry));
      out.printf("%nFunctions as arguments:%n");
      entries(OptimizersCommand::isFunction).forEach(entry -> print(out, entry));
    }
    out.flush();
    return 0;
  }

  private static boolean isFunction(Entry entry) {
    return !entry.isOptimizer() && !entry.isSchedule();
  }

  private static List<Entry> entries(Predicate<Entry> kind) {
    return CATALOG.entries().stream().filter(kind).toList();
  }

  private static List<Map<String, @Nullable Object>> plain(Predicate<Entry> kind) {
    return entries(kind).stream().map(OptimizersCommand::plain).toList();
  }

  private static void print(PrintWriter out, Entry entry) {
    String arguments =
        entry.arguments().stream()
            .map(name -> entry.required().contains(name) ? name : name + "=" + shown(entry, name))
            .collect(Collectors.joining(", "));
    out.printf("  %s(%s)%n", entry.name(), arguments);
    Map<String, @Nullable Object> preset = Presets.arguments(entry.name());
    if (!preset.isEmpty()) {
      out.printf("      preset: %s%n", Text.json(preset));
    }
  }

  private static String shown(Entry entry, String argument) {
    @Nullable Object value = CATALOG.plain(entry.defaultOf(argument));
    return value == null ? "none" : Text.json(value);
  }

  private static Map<String, @Nullable Object> plain(Entry entry) {
    List<Map<String, @Nullable Object>> arguments = new ArrayList<>();
    for (String name : entry.arguments()) {
      Map<String, @Nullable Object> argument = new LinkedHashMap<>();
      argument.put("name", name);
      argument.put("required", entry.required().contains(name));
      if (!entry.required().contains(name)) {
        argument.put("default", CATALOG.plain(entry.defaultOf(name)));
      }
      arguments.add(argument);
    }
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    plain.put("name", entry.name());
    plain.put("args", arguments);
    Map<String, @Nullable Object> preset = Presets.arguments(entry.name());
    if (!preset.isEmpty()) {
      plain.put("preset", preset);
    }
    return plain;
  }
}
