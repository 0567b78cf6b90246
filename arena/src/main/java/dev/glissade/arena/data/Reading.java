package dev.glissade.arena.data;

import dev.glissade.arena.text.Text;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What was read, for people, a sentence each.
 *
 * @param read how many examples, features and classes, and where they were found
 * @param doubts what may be another thing than it was taken for
 */
public record Reading(String read, List<String> doubts) {
  private static final int SHOWN = 5;

  /** Copies the list. */
  public Reading {
    doubts = List.copyOf(doubts);
  }

  /** Some names in quotes, the first five of them. */
  static String some(List<String> names) {
    String shown = names.stream().limit(SHOWN).map(Text::quote).collect(Collectors.joining(", "));
    return names.size() > SHOWN ? "%s and %d more".formatted(shown, names.size() - SHOWN) : shown;
  }

  /** Classes by number, and by name where they are few. */
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
