package dev.glissade.arena.train;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Splits a list at the commas outside of brackets and quotes. */
final class ListSplitter {
  private static final String OPENING = "([{";
  private static final String CLOSING = ")]}";

  private ListSplitter() {}

  /**
   * Returns the parts, stripped of blanks.
   *
   * @param what names the list in errors
   * @throws IllegalArgumentException if a part is empty or a bracket is unbalanced
   */
  static List<String> split(String what, String text) {
    List<String> parts = new ArrayList<>();
    Deque<Character> open = new ArrayDeque<>();
    boolean quoted = false;
    int begin = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted) {
        i += c == '\\' ? 1 : 0;
        quoted = c != '"';
      } else if (c == '"') {
        quoted = true;
      } else if (OPENING.indexOf(c) >= 0) {
        open.push(CLOSING.charAt(OPENING.indexOf(c)));
      } else if (CLOSING.indexOf(c) >= 0 && (open.isEmpty() || open.pop() != c)) {
        throw new IllegalArgumentException(
            what + " must have balanced brackets, but had an extra \"" + c + "\": " + text);
      } else if (c == ',' && open.isEmpty()) {
        parts.add(text.substring(begin, i).strip());
        begin = i + 1;
      }
    }
    if (!open.isEmpty() || quoted) {
      String missing = quoted ? "\"" : String.valueOf(open.peek());
      throw new IllegalArgumentException(
          "%s must have balanced brackets and quotes, but lacked a closing %s: %s"
              .formatted(what, missing, text));
    }
    parts.add(text.substring(begin).strip());
    if (parts.contains("")) {
      throw new IllegalArgumentException(
          what + " must not have empty parts, but was \"" + text + "\"");
    }
    return parts;
  }
}
