package dev.glissade.arena;

import org.jspecify.annotations.Nullable;

/** The width of the terminal: the variable COLUMNS, or what the start script found. */
final class Terminal {
  /** The width that texts have where nothing is known. */
  static final int USUAL = 80;

  private static final String PROPERTY = "glissade.columns";
  private static final int NARROWEST = 20;
  private static final int WIDEST = 10_000;

  private Terminal() {}

  /**
   * Returns the number of columns.
   *
   * @param otherwise the number if neither the user nor the start script says it
   */
  static int columns(int otherwise) {
    return columns(System.getenv("COLUMNS"), System.getProperty(PROPERTY), otherwise);
  }

  static int columns(@Nullable String variable, @Nullable String property, int otherwise) {
    for (String text : new @Nullable String[] {variable, property}) {
      if (text != null && text.strip().matches("[1-9]\\d{0,5}")) {
        return Math.max(NARROWEST, Math.min(WIDEST, Integer.parseInt(text.strip())));
      }
    }
    return otherwise;
  }
}
