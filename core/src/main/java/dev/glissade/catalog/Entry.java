package dev.glissade.catalog;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.records.RecordType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A named optimizer or schedule: a record of hyperparameters, whose components are the arguments.
 *
 * @param name the documented one: {@code dadapt_adamw}
 * @param prototype holds the defaults
 * @param required arguments without a default; what the prototype holds there is not used
 * @param aliases other names of arguments
 */
public record Entry(
    String name, Record prototype, Set<String> required, Map<String, String> aliases) {

  /** The names are made once. */
  private static final Map<Class<? extends Record>, List<String>> ARGUMENTS =
      new ConcurrentHashMap<>();

  public Entry {
    required = Set.copyOf(required);
    aliases = Map.copyOf(aliases);
    if (!(prototype instanceof GradientTransformation<?>) && !(prototype instanceof Schedule)) {
      throw new IllegalArgumentException(
          name
              + " must be a transformation or a schedule, but was "
              + prototype.getClass().getName());
    }
    List<String> arguments = arguments(prototype);
    for (String argument : required) {
      if (!arguments.contains(argument)) {
        throw new IllegalArgumentException(name + " has no argument \"" + argument + "\"");
      }
    }
  }

  /** An entry whose arguments all have defaults but for the required ones. */
  public static Entry of(String name, Record prototype, String... required) {
    return new Entry(name, prototype, Set.of(required), Map.of());
  }

  /** This with another name for an argument. */
  public Entry alias(String other, String argument) {
    Map<String, String> more = new TreeMap<>(aliases);
    more.put(other, argument);
    return new Entry(name, prototype, required, more);
  }

  public boolean isSchedule() {
    return prototype instanceof Schedule;
  }

  RecordType type() {
    return RecordType.of(prototype.getClass());
  }

  /** The arguments' documented names, in order. */
  public List<String> arguments() {
    return arguments(prototype);
  }

  /**
   * Returns the documented name of an argument.
   *
   * @param name the documented name or an alias
   * @throws IllegalArgumentException if there is no such argument, naming the nearest one
   */
  public String argument(String name) {
    return arguments().get(component(name));
  }

  /** The argument's default; null also where there is none. */
  public @Nullable Object defaultOf(String argument) {
    return required.contains(argument)
        ? null
        : type().get(prototype, arguments().indexOf(argument));
  }

  private static List<String> arguments(Record prototype) {
    return ARGUMENTS.computeIfAbsent(prototype.getClass(), Entry::arguments);
  }

  private static List<String> arguments(Class<? extends Record> prototype) {
    RecordType type = RecordType.of(prototype);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < type.size(); i++) {
      names.add(Names.snake(type.name(i)));
    }
    return List.copyOf(names);
  }

  /** The component of an argument. */
  int component(String argument) {
    List<String> known = arguments();
    int index = known.indexOf(aliases.getOrDefault(argument, argument));
    if (index < 0) {
      throw new IllegalArgumentException(
          "%s has no argument \"%s\"%s".formatted(name, argument, Names.hint(argument, known)));
    }
    return index;
  }
}
