package dev.glissade.arena.data;

import java.util.Locale;

/** What becomes of a missing value in a feature column. */
public enum Missing {
  /** The mean of the column, or the middle of its bounds; no word in a column of words. */
  MEAN,
  /** An error that names the first one. */
  REFUSE,
  /**
   * As {@link #MEAN}, with one more column that is 1 where the value is missing and 0 elsewhere.
   */
  COLUMN;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
