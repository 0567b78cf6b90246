package dev.glissade.arena;

import dev.glissade.catalog.Catalog;
import dev.glissade.catalog.Names;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.MutuallyExclusiveArgsException;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with a command line: the name, the rule, the value and the remedy. */
final class ArgumentErrors {
  private static final Pattern OPTION = Pattern.compile("--[a-z-]+");

  /** What "help" says of an unknown command. */
  private static final Pattern UNKNOWN_COMMAND =
      Pattern.compile("(?s)Unknown subcommand '(.*)'\\..*");

  private ArgumentErrors() {}

  /** Returns one sentence for what the parser of the command line found. */
  static String sentence(ParameterException e) {
    String message = String.valueOf(e.getMessage());
    ArgSpec argument = e.getArgSpec();
    if (e instanceof UnmatchedArgumentException unmatched) {
      return unmatched(e.getCommandLine().getCommandSpec(), unmatched.getUnmatched().get(0));
    }
    Matcher unknown = UNKNOWN_COMMAND.matcher(message);
    if (unknown.matches()) {
      return noCommand(e.getCommandLine().getSubcommands().keySet(), unknown.group(1));
    }
    if (e instanceof MutuallyExclusiveArgsException) {
      return "only one of " + listed(options(message), "and") + " must be given, but more were";
    }
    if (e instanceof MissingParameterException missing) {
      return missing(missing, message);
    }
    if (e instanceof OverwrittenOptionException twice) {
      return name(twice.getOverwritten()) + " must be given once, but was given twice";
    }
    if (argument != null && e.getValue() != null && message.startsWith("Invalid value")) {
      return invalid(argument, e.getValue());
    }
    return message;
  }

  /** Returns the sentence for an unknown command. */
  static String noCommand(Collection<String> commands, String word) {
    return "COMMAND must be %s, but was \"%s\"%s"
        .formatted(listed(commands, "or"), word, hint(word, commands));
  }

  private static String unmatched(CommandSpec command, String argument) {
    String unknown = argument.replaceFirst("(?s)=.*", "");
    if (unknown.startsWith("-")) {
      Set<String> known = command.optionsMap().keySet();
      String hint = hint(unknown, known);
      return "the option must be one of %s's, but was \"%s\"%s"
          .formatted(
              command.name(), unknown, hint.isEmpty() ? optimizerHint(argument, known) : hint);
    }
    Collection<String> subcommands = command.subcommands().keySet();
    if (!subcommands.isEmpty()) {
      return noCommand(subcommands, argument);
    }
    List<String> parameters =
        command.positionalParameters().stream().map(ArgSpec::paramLabel).toList();
    return parameters.isEmpty()
        ? "%s must have only options, but had \"%s\"".formatted(command.name(), argument)
        : "%s must have one %s, but also had \"%s\""
            .formatted(command.name(), listed(parameters, "and"), argument);
  }

  /** Says how to pass an argument to a common optimizer: {@code sgd(learning_rate=.1)}. */
  private static String optimizerHint(String option, Set<String> options) {
    if (!options.contains("--optimizer") && !options.contains("--optimizers")) {
      return "";
    }
    int equals = option.indexOf('=');
    String name = equals < 0 ? option : option.substring(0, equals);
    String value = equals < 0 ? "..." : option.substring(equals + 1);
    for (String optimizer : List.of("sgd", "adamw")) {
      Optional<String> argument =
          Names.nearest(name, Catalog.standard().entry(optimizer).arguments());
      if (argument.isPresent()) {
        return ": did you mean %s(%s=%s)?".formatted(optimizer, argument.get(), value);
      }
    }
    return "";
  }

  private static String missing(MissingParameterException e, String message) {
    List<String> names = e.getMissing().stream().map(ArgumentErrors::name).distinct().toList();
    if (message.contains("specify one of")) {
      return "one of " + listed(options(message), "and") + " must be given";
    }
    boolean value = message.contains("arameter for option");
    return listed(names, "and") + (value ? " must have a value" : " must be given");
  }

  private static String invalid(ArgSpec argument, String value) {
    Class<?> type =
        argument.isMultiValue() ? argument.auxiliaryTypes()[0] : argument.typeInfo().getType();
    List<String> choices = choices(type);
    String known = value.toLowerCase(Locale.ROOT);
    return "%s must be %s, but was \"%s\"%s"
        .formatted(name(argument), rule(type, choices, value), value, hint(known, choices));
  }

  private static String rule(Class<?> type, List<String> choices, String value) {
    if (!choices.isEmpty()) {
      return listed(choices, "or");
    }
    return switch (type.getSimpleName().toLowerCase(Locale.ROOT)) {
      case "int", "integer" -> whole(value, Integer.MAX_VALUE);
      case "batchsize" -> whole(value, Integer.MAX_VALUE) + " or " + BatchSize.ALL;
      case "long" -> whole(value, Long.MAX_VALUE);
      case "double" -> "a number";
      case "boolean" -> "true or false";
      default -> "a " + type.getSimpleName().toLowerCase(Locale.ROOT);
    };
  }

  /** Names the limit only if the value is a whole number, which then is beyond it. */
  private static String whole(String value, long limit) {
    return value.matches("[+-]?\\d+") ? "a whole number of at most " + limit : "a whole number";
  }

  /** Returns the values of an enum as users write them; none for other types. */
  private static List<String> choices(Class<?> type) {
    Object @Nullable [] constants = type.getEnumConstants();
    return constants == null
        ? List.of()
        : Arrays.stream(constants)
            .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
            .toList();
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  private static List<String> options(String message) {
    return OPTION.matcher(message).results().map(MatchResult::group).distinct().toList();
  }

  private static String hint(String unknown, Collection<String> known) {
    return Names.nearest(unknown, known).map(name -> ": did you mean " + name + "?").orElse("");
  }

  /** Returns "a, b or c". */
  private static String listed(Collection<String> names, String last) {
    List<String> all = List.copyOf(names);
    int most = all.size() - 1;
    return most < 1
        ? String.join("", all)
        : String.join(", ", all.subList(0, most)) + " " + last + " " + all.get(most);
  }
}
