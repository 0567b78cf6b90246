package dev.glissade.arena.data;

/** What shares a mean and a deviation: each column for itself, or the whole table. */
enum Standardization {
  COLUMNS,
  /** All numbers are pixels from 0 to 16, as in the digits. */
  WHOLE;

  /** What is known without looking at the numbers. */
  Scale known() {
    return switch (this) {
      case COLUMNS -> Scale.NONE;
      case WHOLE -> new Scale(16 * Scale.PIXELS.mean(), 16 * Scale.PIXELS.deviation());
    };
  }
}
