package dev.glissade.arena.data;

/** What shares one mean and one deviation. */
enum Standardization {
  /** Each column has its own. */
  COLUMNS,
  /** The whole table shares them: its numbers are pixels from 0 to 16, as in the digits. */
  WHOLE;

  /** Returns the scaler for private training, which must not depend on the numbers. */
  StandardScaler known() {
    return switch (this) {
      case COLUMNS -> StandardScaler.NONE;
      case WHOLE ->
          new StandardScaler(
              16 * StandardScaler.PIXELS.mean(), 16 * StandardScaler.PIXELS.deviation());
    };
  }
}
