package dev.glissade.arena;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Writes a command as a user can type it, from the options that were given. */
final class CommandText {
  /** Options that change nothing about the results. */
  private static final Set<String> OUTPUT = Set.of("--report", "--out", "--json", "--threads");

  private static final String OPTIMIZERS = "--optimizers";

  private CommandText() {}

  /**
   * Returns the command line with all options that were given.
   *
   * @param optimizers the optimizers to name instead; null for those that were given
   */
  static String of(CommandSpec spec, @Nullable String optimizers) {
    ParseResult given = spec.commandLine().getParseResult();
    List<String> words = new ArrayList<>(List.of("./glissade", spec.name()));
    if (optimizers != null) {
      words.add(OPTIMIZERS);
      words.add(quoted(optimizers));
    }
    for (OptionSpec option : given == null ? List.<OptionSpec>of() : given.matchedOptions()) {
      String name = option.longestName();
      boolean repeats = optimizers != null && (OUTPUT.contains(name) || name.equals(OPTIMIZERS));
      if (!repeats) {
        words.add(name);
        if (option.arity().max() > 0) {
          words.add(quoted(String.join(",", option.originalStringValues())));
        }
      }
    }
    return String.join(" ", words);
  }

  /** Quotes a word for a POSIX shell if it needs quotes. */
  static String quoted(String word) {
    return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
