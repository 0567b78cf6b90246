package dev.glissade.spark.ml;

import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tree;
import dev.glissade.catalog.Catalog;
import dev.glissade.catalog.Entry;
import dev.glissade.checkpoint.json.Json;
import dev.glissade.models.Activation;
import dev.glissade.models.Mlp;
import dev.glissade.records.Records;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the optimizer of an estimator: a name of the catalog, or JSON. */
final class OptimizerText {
  private static final Catalog CATALOG = Catalog.standard();
  private static final String RATE = "learning_rate";

  private OptimizerText() {}

  /** Refuses an optimizer that no learning rate would make valid. */
  static void check(String text) {
    Object plain = plain(text);
    Entry entry = entry(plain);
    boolean open = entry.required().contains(RATE) && !arguments(entry, plain).containsKey(RATE);
    CATALOG.optimizer(open ? withRate(entry, plain, 1) : plain);
  }

  /**
   * Returns the optimizer.
   *
   * @param rate the learning rate; null to use that of the text, or the optimizer's default
   * @param decay how learning rates decay
   */
  static GradientTransformation<?> read(String text, @Nullable Double rate, RateDecay decay) {
    return CATALOG.optimizer(decay.applied(CATALOG.describe(read(text, rate))));
  }

  private static GradientTransformation<?> read(String text, @Nullable Double rate) {
    Object plain = plain(text);
    Entry entry = entry(plain);
    if (rate != null) {
      if (!entry.arguments().contains(RATE)) {
        throw new IllegalArgumentException(
            "learningRate must not be set for %s, which has no %s, but was %s"
                .formatted(entry.name(), RATE, rate));
      }
      return CATALOG.optimizer(withRate(entry, plain, rate));
    }
    if (entry.required().contains(RATE) && !arguments(entry, plain).containsKey(RATE)) {
      throw new IllegalArgumentException(
          "learningRate must be set for %s: use setLearningRate, or an optimizer that needs none,"
                  .formatted(entry.name())
              + " such as prodigy");
    }
    return CATALOG.optimizer(plain);
  }

  /**
   * Refuses an optimizer that asks for more than the mean gradients and the loss of a step, by a
   * step on a network of this form with one unit in each layer.
   */
  static void checkStep(GradientTransformation<?> optimizer, int hiddenLayers) {
    List<Integer> hidden = Collections.nCopies(hiddenLayers, 1);
    Mlp tiny = new Mlp(1, hidden, 1, Activation.RELU, DType.FLOAT32);
    Tree params = tiny.initialParams(0);
    try {
      Stepper.of(optimizer, params.copy())
          .step(params, Extras.NONE.withGradientScale(1).withValue(1));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "optimizer must be one that steps with mean gradients, but was refused: "
              + e.getMessage(),
          e);
    }
  }

  private static Object plain(String text) {
    String stripped = text.strip();
    return stripped.startsWith("{") ? Json.STRICT.read("optimizer", stripped) : stripped;
  }

  private static Entry entry(Object plain) {
    Object name = plain instanceof Map<?, ?> map ? map.get("name") : plain;
    if (!(name instanceof String)) {
      CATALOG.optimizer(plain); // says what is wrong
    }
    return CATALOG.entry(String.valueOf(name));
  }

  /** Returns the stated arguments by their documented names; empty for a list of links. */
  private static Map<String, @Nullable Object> arguments(Entry entry, Object plain) {
    Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
    if (plain instanceof Map<?, ?> map && map.get("args") instanceof Map<?, ?> stated) {
      Records.children(stated).forEach((name, value) -> arguments.put(entry.argument(name), value));
    }
    return arguments;
  }

  private static Object withRate(Entry entry, Object plain, double rate) {
    Map<String, @Nullable Object> arguments = arguments(entry, plain);
    arguments.put(RATE, rate);
    return Map.of("name", entry.name(), "args", arguments);
  }
}
