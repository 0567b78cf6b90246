package dev.glissade.arena.data;

import dev.glissade.arena.text.Text;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A description of what was read, with warnings, for the user.
 *
 * @param lines three lines: the rows and their parts; the features; the label
 * @param doubts warnings of what may have been misread
 */
public record Reading(List<String> lines, List<String> doubts) {
  private static final int SHOWN = 5;

  /** Copies the lists. */
  public Reading {
    lines = List.copyOf(lines);
    doubts = List.copyOf(doubts);
  }

  /** Quotes the first five names. */
  static String some(List<String> names) {
    return few(names.stream().map(Text::quote).toList());
  }

  /** Lists the first five texts. */
  static String few(List<String> texts) {
    String shown = texts.stream().limit(SHOWN).collect(Collectors.joining(", "));
    return texts.size() > SHOWN ? "%s and %d more".formatted(shown, texts.size() - SHOWN) : shown;
  }

  /** Names the parts of rows. */
  static String parts(int[] sizes, int test) {
    return String.format(
        Locale.ROOT, "%,d train, %,d validation, %,d test", sizes[0], sizes[1], sizes[2] + test);
  }

  /** Counts the classes and names them if there are few. */
  static String classes(List<String> names) {
    return names.size() <= 2 * SHOWN
        ? "%d classes: %s"
            .formatted(
                names.size(), names.stream().map(Text::quote).collect(Collectors.joining(", ")))
        : between(names);
  }

  /** Counts the classes and, if there are few, names them with their shares of the rows. */
  static String classes(List<String> names, int[] counts) {
    long all = IntStream.of(counts).asLongStream().sum();
    return names.size() <= 2 * SHOWN
        ? "%d classes: %s"
            .formatted(
                names.size(),
                IntStream.range(0, names.size())
                    .mapToObj(i ->
                        String.format(
                            Locale.ROOT,
                            "%s %.1f %%",
                            Text.quote(names.get(i)),
                            100.0 * counts[i] / all))
                    .collect(Collectors.joining(", ")))
        : between(names);
  }

  private static String between(List<String> names) {
    return "%d classes, %s to %s"
        .formatted(names.size(), Text.quote(names.get(0)), Text.quote(names.get(names.size() - 1)));
  }
}
