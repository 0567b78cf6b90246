package dev.glissade.arena.train;

import dev.glissade.GradientTransformation;
import dev.glissade.catalog.Catalog;
import dev.glissade.catalog.Entry;
import dev.glissade.checkpoint.json.Json;
import dev.glissade.records.RecordType;
import dev.glissade.records.Records;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Parses optimizers as users write them: a name, with a preset's arguments; {@code mechanize(sgd)},
 * with inner optimizers; {@code prodigy(weight_decay=0.01)}, with arguments as {@link
 * ArgumentText#value} reads them; JSON, {@code {"name": ..., "args": ...}}; or the name of a file
 * of JSON that ends in .json.
 */
public final class OptimizerParser {
  private static final int DEEPEST = 16;

  /** Matches a value, as opposed to the name of an optimizer. */
  private static final String VALUE = "[-+.\\d\"\\[].*|(?i:true|false|null|none|inf|infinity|nan)";

  private static final Catalog CATALOG = Catalog.standard();

  private OptimizerParser() {}

  /**
   * Parses a comma-separated list, and appends numbers to labels that are equal.
   *
   * @throws IllegalArgumentException if a name or argument is unknown; the message suggests the
   *     nearest known one
   */
  public static List<OptimizerSpec> list(String text) {
    List<OptimizerSpec> specs = new ArrayList<>();
    Set<String> used = new HashSet<>();
    Map<String, Integer> numbers = new HashMap<>();
    for (String part : ListSplitter.split("--optimizers", text)) {
      OptimizerSpec spec = one(part);
      String label = spec.label();
      while (!used.add(label)) {
        label = spec.label() + " #" + (numbers.merge(spec.label(), 1, Integer::sum) + 1);
      }
      specs.add(new OptimizerSpec(label, spec.plain()));
    }
    return specs;
  }

  /** Parses one optimizer. */
  public static OptimizerSpec one(String text) {
    String trimmed = text.strip();
    GradientTransformation<?> optimizer;
    try {
      optimizer = CATALOG.optimizer(plain(trimmed, Map.of(), 0));
    } catch (IllegalArgumentException e) {
      boolean shown = !isFile(trimmed) || String.valueOf(e.getMessage()).startsWith(trimmed);
      throw shown ? e : new IllegalArgumentException(trimmed + ": " + e.getMessage(), e);
    }
    return new OptimizerSpec(label(trimmed), CATALOG.describe(optimizer));
  }

  private static String label(String text) {
    if (isFile(text)) {
      String file = String.valueOf(Path.of(text).getFileName());
      return file.substring(0, file.length() - ".json".length());
    }
    return isJson(text)
        ? String.valueOf(Records.children(Json.STRICT.read(text, text)).get("name"))
        : text;
  }

  private static boolean isJson(String text) {
    return text.startsWith("{");
  }

  private static boolean isFile(String text) {
    return !isJson(text) && text.endsWith(".json");
  }

  private static Object plain(String text, Map<String, @Nullable Object> overrides, int depth) {
    if (depth > DEEPEST) {
      throw new IllegalArgumentException(
          "optimizers must be nested at most %d deep, but %s is deeper".formatted(DEEPEST, text));
    }
    if (isJson(text)) {
      return Json.STRICT.read("the optimizer", text);
    }
    if (isFile(text)) {
      return Json.STRICT.readFile(text);
    }
    int open = text.indexOf('(');
    if (open < 0) {
      return named(CATALOG.entry(text), List.of(), overrides, depth);
    }
    if (!text.endsWith(")")) {
      throw new IllegalArgumentException(
          "an optimizer with \"(\" must end with \")\", but was " + text);
    }
    String inside = text.substring(open + 1, text.length() - 1);
    String name = text.substring(0, open).strip();
    List<String> parts =
        inside.isBlank() ? List.of() : ListSplitter.split("the arguments of " + name, inside);
    return named(CATALOG.entry(name), parts, overrides, depth);
  }

  /** Applies the preset, then the outer optimizer's preset for its inside, then the user's text. */
  private static Object named(
      Entry entry, List<String> parts, Map<String, @Nullable Object> overrides, int depth) {
    Map<String, @Nullable Object> arguments = new LinkedHashMap<>(Presets.arguments(entry.name()));
    overrides.forEach((name, value) -> {
      if (entry.arguments().contains(name)) {
        arguments.put(name, value);
      }
    });
    List<Object> inner = new ArrayList<>();
    for (String part : parts) {
      int equals = part.indexOf('=');
      String name = equals < 0 ? "" : part.substring(0, equals).strip();
      if (name.matches("[\\w-]+")) {
        String argument = entry.argument(name);
        String value = part.substring(equals + 1).strip();
        arguments.put(
            argument,
            type(entry, argument) == GradientTransformation.class && !isJson(value)
                ? plain(value, Presets.within(entry.name()), depth + 1)
                : ArgumentText.value("\"" + name + "\"", value));
      } else if (part.matches(VALUE) && !isFile(part)) {
        throw new IllegalArgumentException(
            "arguments of %s must be name=value, such as %s=%s, but was %s"
                .formatted(entry.name(), firstOfValues(entry), part, part));
      } else {
        inner.add(plain(part, Presets.within(entry.name()), depth + 1));
      }
    }
    return Map.of("name", entry.name(), "args", filled(entry, arguments, inner));
  }

  private static Class<?> type(Entry entry, String argument) {
    return RecordType.of(entry.prototype().getClass()).rawType(entry.arguments().indexOf(argument));
  }

  /** Returns the first argument that is not an optimizer. */
  private static String firstOfValues(Entry entry) {
    return entry.arguments().stream()
        .filter(argument -> type(entry, argument) != GradientTransformation.class)
        .findFirst()
        .orElse("name");
  }

  private static Object filled(
      Entry entry, Map<String, @Nullable Object> arguments, List<Object> inner) {
    RecordType type = RecordType.of(entry.prototype().getClass());
    if (type.size() == 1 && type.rawType(0) == List.class && !inner.isEmpty()) {
      return inner;
    }
    List<String> slots =
        IntStream.range(0, type.size())
            .filter(i -> type.rawType(i) == GradientTransformation.class)
            .mapToObj(entry.arguments()::get)
            .toList();
    if (inner.size() > slots.size()) {
      throw new IllegalArgumentException(
          "%s must have %s, but had %d: write other arguments as name=value"
              .formatted(entry.name(), count(slots.size()), inner.size()));
    }
    for (int i = 0; i < inner.size(); i++) {
      arguments.put(slots.get(i), inner.get(i));
    }
    return arguments;
  }

  private static String count(int optimizers) {
    return switch (optimizers) {
      case 0 -> "no inner optimizer";
      case 1 -> "at most one inner optimizer";
      default -> "at most " + optimizers + " inner optimizers";
    };
  }
}
