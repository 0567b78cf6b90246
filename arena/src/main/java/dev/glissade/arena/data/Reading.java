package dev.glissade.arena.data;

import dev.glissade.arena.text.Text;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A description of what was read, with warnings, for the user.
 *
 * @param read the numbers of examples, features and classes, the label column and the header
 * @param doubts warnings of what may have been misread
 */
public record Reading(String read, List<String> doubts) {
  private static final int SHOWN = 5;

  /** Copies the list. */
  public Reading {
    doubts = List.copyOf(doubts);
  }

  /** Quotes the first five names. */
  static String some(List<String> names) {
    String shown = names.stream().limit(SHOWN).map(Text::quote).collect(Collectors.joining(", "));
    return names.size() > SHOWN ? "%s and %d more".formatted(shown, names.size() - SHOWN) : shown;
  }

  /** Counts the classes and names them if there are few. */
  static String classes(List<String> names) {
    return names.size() <= 2 * SHOWN
        ? "%d classes (%s)"
            .formatted(
                names.size(), names.stream().map(Text::quote).collect(Collectors.joining(", ")))
        : "%d classes, %s to %s"
            .formatted(
                names.size(), Text.quote(names.get(0)), Text.quote(names.get(names.size() - 1)));
  }
}
