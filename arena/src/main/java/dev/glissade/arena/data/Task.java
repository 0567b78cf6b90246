package dev.glissade.arena.data;

import java.util.Locale;

/** What a model predicts. */
public enum Task {
  /** One of several classes. */
  CLASSES,
  /** A number. */
  REGRESSION;

  /** Formats a score: "accuracy 97.42 %" for classes, "R2 0.4211" for numbers. */
  public String format(double score) {
    return this == CLASSES
        ? String.format(Locale.ROOT, "accuracy %.2f %%", 100 * score)
        : String.format(Locale.ROOT, "R2 %.4f", score);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
