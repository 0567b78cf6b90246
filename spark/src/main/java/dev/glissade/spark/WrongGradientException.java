package dev.glissade.spark;

import org.jspecify.annotations.Nullable;

/** Thrown in a task by gradients that no other attempt would mend. */
final class WrongGradientException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  WrongGradientException(@Nullable String sentence) {
    super(sentence);
  }
}
