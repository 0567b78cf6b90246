package dev.glissade.arena.data;

import java.util.Locale;

/** Whether the first row of a table names its columns. */
public enum Header {
  /** The first row names the columns. */
  YES,
  /** The first row is an ordinary row. */
  NO,
  /** The reader decides, by how the first row differs from the others. */
  AUTO;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
