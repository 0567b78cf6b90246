package dev.glissade.arena;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Writes completions for the shell fish, which picocli does not. */
final class FishCompletion {
  private static final int LONGEST = 80;

  private final String program;
  private final StringBuilder script = new StringBuilder();

  private FishCompletion(String program) {
    this.program = program;
  }

  static String of(CommandLine command) {
    FishCompletion fish = new FishCompletion(command.getCommandName());
    fish.script.append("# Completions of ").append(fish.program).append(" for fish.\n");
    fish.line("-f", "");
    fish.options("__fish_use_subcommand", command);
    for (Map.Entry<String, CommandLine> sub : command.getSubcommands().entrySet()) {
      String name = sub.getKey();
      String[] summary = sub.getValue().getCommandSpec().usageMessage().description();
      fish.line("-n __fish_use_subcommand -a " + name, summary.length == 0 ? "" : summary[0]);
      String seen = "__fish_seen_subcommand_from " + name;
      fish.options(seen, sub.getValue());
      fish.parameters(seen, sub.getValue());
    }
    return fish.script.toString();
  }

  private void options(String condition, CommandLine command) {
    for (OptionSpec option : command.getCommandSpec().options()) {
      StringBuilder words = new StringBuilder("-n '" + condition + "'");
      for (String name : option.names()) {
        words.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("^-+", ""));
      }
      if (option.arity().max() > 0) {
        words.append(values(option).isEmpty() ? " -r" : " -x");
        words.append(isPath(option) ? " -F" : candidates(values(option)));
      }
      String list = Pattern.quote(String.join(", ", values(option))) + ":\\s*";
      line(words.toString(), String.join(" ", option.description()).replaceFirst("^" + list, ""));
    }
  }

  private void parameters(String condition, CommandLine command) {
    for (PositionalParamSpec parameter : command.getCommandSpec().positionalParameters()) {
      String words = isPath(parameter) ? " -F" : candidates(parameterValues(command, parameter));
      if (!words.isEmpty()) {
        line("-n '" + condition + "'" + words, "");
      }
    }
  }

  /** Returns the values of an enum; for "help", the commands. */
  private static List<String> parameterValues(CommandLine command, PositionalParamSpec parameter) {
    return command.getCommandSpec().helpCommand() && command.getParent() != null
        ? List.copyOf(new TreeSet<>(command.getParent().getSubcommands().keySet()))
        : values(parameter);
  }

  private static List<String> values(ArgSpec argument) {
    Class<?> type = argument.typeInfo().getType();
    return argument.completionCandidates() != null
        ? StreamSupport.stream(argument.completionCandidates().spliterator(), false).toList()
        : type.isEnum()
            ? Arrays.stream(type.getEnumConstants()).map(Object::toString).toList()
            : List.of();
  }

  private static boolean isPath(ArgSpec argument) {
    return argument.auxiliaryTypes()[0] == Path.class;
  }

  private static String candidates(List<String> values) {
    return values.isEmpty() ? "" : " -a '" + String.join(" ", values) + "'";
  }

  private void line(String words, String description) {
    script.append("complete -c ").append(program).append(' ').append(words);
    String first = description.replaceFirst("(?s)[:.;](\\s.*)?$", "").replaceAll("\\s+", " ");
    String plain = CommandLine.Help.Ansi.OFF.string(first);
    if (!plain.isBlank() && !plain.contains("${")) {
      String shown = plain.length() > LONGEST ? plain.substring(0, LONGEST - 3) + "..." : plain;
      script.append(" -d '").append(shown.replace("\\", "\\\\").replace("'", "\\'")).append('\'');
    }
    script.append('\n');
  }
}
