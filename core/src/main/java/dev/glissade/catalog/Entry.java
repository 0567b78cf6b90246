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
 * A named optimizer, schedule or other function: a record of hyperparameters whose components are
 * the arguments.
 *
 * @param name the documented name, such as {@code dadapt_adamw}
 * @param prototype a record that holds the defaults
 * @param required the arguments without a default; what the prototype holds there is ignored
 * @param aliases other names of arguments, each with the documented one
 */
public record Entry(
    String name, Record prototype, Set<String> required, Map<String, String> aliases) {

  /** The arguments of each record class, computed once. */
  private static final Map<Class<? extends Record>, List<String>> ARGUMENTS =
      new ConcurrentHashMap<>();

  /**
   * Copies the collections and checks them.
   *
   * @param name the documented name
   * @param prototype a transformation, a schedule or another function, such as a condition
   * @param required arguments of the prototype
   * @param aliases other names of arguments
   * @throws IllegalArgumentException if the prototype implements no interface, or has no such
   *     required argument
   */
  public Entry {
    required = Set.copyOf(required);
    aliases = Map.copyOf(aliases);
    if (prototype.getClass().getInterfaces().length == 0) {
      throw new IllegalArgumentException(
          "the prototype of %s must be a transformation, a schedule or another function, but was a %s"
              .formatted(name, prototype.getClass().getName()));
    }
    List<String> arguments = arguments(prototype);
    for (String argument : required) {
      if (!arguments.contains(argument)) {
        throw noArgument(name, argument, arguments);
      }
    }
  }

  /**
   * Returns an entry whose arguments all have defaults, except the required ones.
   *
   * @param name the documented name
   * @param prototype a record that holds the defaults
   * @param required the documented names of the arguments without a default
   * @return the entry
   * @throws IllegalArgumentException as the constructor
   */
  public static Entry of(String name, Record prototype, String... required) {
    return new Entry(name, prototype, Set.of(required), Map.of());
  }

  /**
   * Returns this entry with another name for an argument.
   *
   * @param other the additional name
   * @param argument the documented name
   * @return the extended entry
   */
  public Entry alias(String other, String argument) {
    Map<String, String> more = new TreeMap<>(aliases);
    more.put(other, argument);
    return new Entry(name, prototype, required, more);
  }

  /** {@return whether this is an optimizer or a transformation} */
  public boolean isOptimizer() {
    return prototype instanceof GradientTransformation;
  }

  /** {@return whether this is a schedule} */
  public boolean isSchedule() {
    return prototype instanceof Schedule;
  }

  RecordType type() {
    return RecordType.of(prototype.getClass());
  }

  /** {@return the documented names of the arguments, in order} */
  public List<String> arguments() {
    return arguments(prototype);
  }

  /**
   * Returns the documented name of an argument.
   *
   * @param name the documented name or an alias
   * @return the documented name
   * @throws IllegalArgumentException if there is no such argument; the message suggests the nearest
   *     one
   */
  public String argument(String name) {
    return arguments().get(component(name));
  }

  /**
   * Returns the default of an argument.
   *
   * @param argument the documented name
   * @return the value; null if the default is null or the argument is required
   */
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

  /** Returns the index of the component that holds an argument. */
  int component(String argument) {
    List<String> known = arguments();
    int index = known.indexOf(aliases.getOrDefault(argument, argument));
    if (index < 0) {
      throw noArgument(name, argument, known);
    }
    return index;
  }

  private static IllegalArgumentException noArgument(
      String name, String argument, List<String> known) {
    return new IllegalArgumentException(
        "the argument of %s must be one of %s, but was \"%s\"%s"
            .formatted(name, known, argument, Names.hint(argument, known)));
  }
}
