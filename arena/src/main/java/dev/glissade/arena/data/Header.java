package dev.glissade.arena.data;

import java.util.Locale;

/** Whether the first row of a table names its columns. */
public enum Header {
  /** It names them. */
  YES,
  /** It is an ordinary row. */
  NO,
  /** The program decides, by how the first row differs from the others. */
  AUTO;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
