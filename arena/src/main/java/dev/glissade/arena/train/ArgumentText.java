package dev.glissade.arena.train;

import dev.glissade.checkpoint.json.Json;
import java.util.Locale;

/** Reads the value of an argument as people and Python write it. */
final class ArgumentText {
  private ArgumentText() {}

  /**
   * Returns the value of JSON, of a number such as {@code .1}, {@code 1.} or {@code +1}, or of
   * {@code True} or {@code False}. Any other text without brackets and quotes is a string, such as
   * {@code inf}.
   *
   * @param where what the argument is called in an error
   * @throws IllegalArgumentException if text with brackets or quotes is not JSON, saying where; if
   *     it is null or None
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
