package dev.glissade.arena;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Writes a command as a user can type it, from the options that were given. */
final class CommandText {
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
    // An option that was given twice is matched twice.
    List<OptionSpec> matched = given == null ? List.of() : given.matchedOptions();
    for (OptionSpec option : new LinkedHashSet<>(matched)) {
      String name = option.longestName();
      boolean left =
          optimizers != null && (OptionValues.isOutput(option) || name.equals(OPTIMIZERS));
      if (!left) {
        add(words, name, option);
      }
    }
    return String.join(" ", words);
  }

  /** Adds an option as it was given; one without a separator of values once for each value. */
  private static void add(List<String> words, String name, OptionSpec option) {
    List<String> values = option.originalStringValues();
    boolean flag = option.arity().max() == 0 || values.isEmpty();
    if (flag) {
      words.add(name);
    } else if (option.splitRegex().isEmpty()) {
      for (String value : values) {
        words.add(name);
        words.add(quoted(value));
      }
    } else {
      words.add(name);
      words.add(quoted(String.join(option.splitRegex(), values)));
    }
  }

  /** Quotes a word for a POSIX shell if it needs quotes. */
  static String quoted(String word) {
    return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
