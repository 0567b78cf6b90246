package dev.glissade.arena.data;

import java.util.Locale;

/** What a model predicts. */
public enum Task {
  /** One of several classes. */
  CLASSES,
  /** A number. */
  REGRESSION;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
