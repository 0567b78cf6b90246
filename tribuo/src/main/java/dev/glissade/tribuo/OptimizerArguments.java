package dev.glissade.tribuo;

import dev.glissade.GradientTransformation;
import dev.glissade.catalog.Catalog;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An optimizer as configuration files keep it.
 *
 * @param optimizer a name of the catalog, or the catalog's JSON
 * @param arguments the text of each argument by its documented name
 */
record OptimizerArguments(String optimizer, Map<String, String> arguments) {
  private static final Catalog CATALOG = Catalog.standard();
  private static final String CODE = "code";
  private static final String NUMBER = "[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?";

  /**
   * Describes an optimizer. Of one that is made of code, such as a lambda, this keeps the class.
   */
  static OptimizerArguments of(GradientTransformation<?> optimizer) {
    Map<String, Object> plain;
    try {
      plain = CATALOG.describe(optimizer);
    } catch (IllegalArgumentException e) {
      return new OptimizerArguments(CODE, Map.of("class", optimizer.getClass().getName()));
    }
    if (plain.get("args") instanceof Map<?, ?> args) {
      Map<String, String> texts = new LinkedHashMap<>();
      args.forEach((name, value) -> texts.put(String.valueOf(name), text(value)));
      return new OptimizerArguments(String.valueOf(plain.get("name")), texts);
    }
    return new OptimizerArguments(JsonText.write(plain), Map.of());
  }

  private static String text(@Nullable Object value) {
    return value instanceof String text && value("", text).equals(text)
        ? text
        : JsonText.write(value);
  }

  /**
   * Makes the optimizer.
   *
   * @throws IllegalArgumentException if a name or an argument is unknown, missing or out of range
   */
  GradientTransformation<?> read() {
    String name = optimizer.strip();
    if (name.equals(CODE)) {
      throw new IllegalArgumentException(
          "optimizer must be in the catalog, but was code of class %s: make it again and pass it to"
                  .formatted(arguments.get("class"))
              + " GlissadeOptimiser.of");
    }
    if (name.startsWith("{")) {
      if (!arguments.isEmpty()) {
        throw new IllegalArgumentException(
            "arguments must be empty if the optimizer is JSON, but were " + arguments.keySet());
      }
      return CATALOG.optimizer(JsonText.read("optimizer", name));
    }
    Map<String, Object> values = new LinkedHashMap<>();
    arguments.forEach((each, text) -> values.put(each, value(each, text)));
    return CATALOG.optimizer(Map.of("name", name, "args", values));
  }

  /** Returns the optimizer, which must take mean gradients. */
  static GradientTransformation<?> requireMean(GradientTransformation<?> optimizer) {
    if (optimizer.perExample()) {
      throw new IllegalArgumentException(
          "optimizer must take mean gradients, but takes per-example ones, which Tribuo's trainers"
              + " do not give to an optimiser: use PrivateTraining of glissade-privacy in a loop of"
              + " your own");
    }
    return optimizer;
  }

  private static Object value(String name, String text) {
    String stripped = text.strip();
    if (stripped.matches("(?s)[\\[{\"].*|true|false|-?(0|[1-9][0-9]*)")) {
      return JsonText.read("argument \"" + name + "\"", stripped);
    }
    return stripped.matches(NUMBER) ? (Object) Double.valueOf(stripped) : text;
  }
}
