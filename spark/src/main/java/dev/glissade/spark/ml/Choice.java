package dev.glissade.spark.ml;

import dev.glissade.models.Activation;
import dev.glissade.records.Check;
import java.util.Arrays;
import java.util.List;

/** The params whose values are words. */
final class Choice {
  static final String AUTO = "auto";
  static final String SQUARED = "squared";
  static final String HUBER = "huber";

  static final String COSINE = "cosine";
  static final String LINEAR = "linear";
  static final String CONSTANT = "constant";

  static final List<String> ACTIVATIONS =
      Arrays.stream(Activation.values()).map(Activation::toString).toList();
  static final List<String> ENGINES = List.of(AUTO, "barrier", "aggregate");
  static final List<String> SCHEDULES = List.of(COSINE, LINEAR, CONSTANT);
  static final List<String> LOSSES = List.of(SQUARED, HUBER);

  private Choice() {}

  static void check(String param, List<String> words, String word) {
    Check.that(words.contains(word), param + " must be one of " + words, "\"" + word + "\"");
  }
}
