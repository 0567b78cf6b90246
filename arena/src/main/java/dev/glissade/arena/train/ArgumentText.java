package dev.glissade.arena.train;

import dev.glissade.checkpoint.json.Json;
import java.util.Locale;

/** Parses the value of an optimizer argument as users of Python write it. */
final class ArgumentText {
  private ArgumentText() {}

  /**
   * Returns the value of JSON, of a number such as {@code .1}, {@code 1.} or {@code +1}, or of
   * {@code True} or {@code False}. Other text without brackets and quotes, such as {@code inf}, is
   * a string.
   *
   * @param where the name of the argument in an error
   * @throws IllegalArgumentException if text with brackets or quotes is not JSON, with the place;
   *     or if the value is null or None
   */
  static Object value(String where, String text) {
    String json = text;
    if (text.matches("True|False|None")) {
      json = text.equals("None") ? "null" : text.toLowerCase(Locale.ROOT);
    }
    try {
      return Json.LENIENT.read(where, json);
    } catch (IllegalArgumentException e) {
      if (json.matches("[\\[{\"].*|null")) {
        throw e;
      }
      return text;
    }
  }
}
