package dev.glissade.arena.data;

import java.util.Locale;

/** Whether the first row of a table names its columns. */
public enum Header {
  /** It does. */
  YES,
  /** It is a row as the others. */
  NO,
  /** The program decides, by what sets the first row apart from the others. */
  AUTO;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
