package dev.glissade.arena.data;

/** What shares a mean and a deviation: each column for itself, or the whole table. */
enum Standardization {
  COLUMNS,
  /** All numbers are pixels from 0 to 16, as in the digits. */
  WHOLE;

  /** What is known without looking at the numbers. */
  StandardScaler known() {
    return switch (this) {
      case COLUMNS -> StandardScaler.NONE;
      case WHOLE ->
          new StandardScaler(
              16 * StandardScaler.PIXELS.mean(), 16 * StandardScaler.PIXELS.deviation());
    };
  }
}
