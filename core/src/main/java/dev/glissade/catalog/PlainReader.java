package dev.glissade.catalog;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Identity;
import dev.glissade.combine.StepCondition;
import dev.glissade.records.RecordType;
import dev.glissade.schedule.ConstantSchedule;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Makes records from plain values, guided by the types of the records' components. */
final class PlainReader {
  /** The text of an infinite number, which JSON lacks. */
  static final String INFINITY = "inf";

  private static final int MAX_DEPTH = 64;

  private final Catalog catalog;
  private int depth;

  PlainReader(Catalog catalog) {
    this.catalog = catalog;
  }

  GradientTransformation<?> optimizer(String where, @Nullable Object plain) {
    if (named(where, plain) instanceof GradientTransformation<?> optimizer) {
      return optimizer;
    }
    throw wrong(where, "must be an optimizer", plain);
  }

  Schedule schedule(String where, @Nullable Object plain) {
    if (plain instanceof Number number) {
      return new ConstantSchedule(finite(where, number));
    }
    if (plain instanceof Map && named(where, plain) instanceof Schedule schedule) {
      return schedule;
    }
    throw wrong(where, "must be a number or a schedule", plain);
  }

  /** Reads {@code {"name": ..., "args": ...}}, or a name alone. */
  private Object named(String where, @Nullable Object plain) {
    if (plain instanceof String name) {
      return make(catalog.entry(name), Map.of());
    }
    if (!(plain instanceof Map<?, ?> map) || !(map.get("name") instanceof String name)) {
      throw wrong(where, "must be an object with a \"name\"", plain);
    }
    for (Object key : map.keySet()) {
      if (!key.equals("name") && !key.equals("args")) {
        throw new IllegalArgumentException(
            "%s must have only \"name\" and \"args\", but had \"%s\"".formatted(where, key));
      }
    }
    Object arguments = map.get("args");
    return make(catalog.entry(name), arguments == null ? Map.of() : arguments);
  }

  private Object make(Entry entry, Object arguments) {
    if (++depth > MAX_DEPTH) {
      throw new IllegalArgumentException(
          "optimizers must be nested at most %d deep, but %s was nested deeper"
              .formatted(MAX_DEPTH, entry.name()));
    }
    try {
      return fill(entry, byName(entry, arguments));
    } finally {
      depth--;
    }
  }

  /**
   * Returns arguments by name. A list stands for the only argument of an entry that has one, as for
   * the links of a chain.
   */
  private static Map<?, ?> byName(Entry entry, Object arguments) {
    if (arguments instanceof List<?> && entry.arguments().size() == 1) {
      return Map.of(entry.arguments().get(0), arguments);
    }
    if (arguments instanceof Map<?, ?> map) {
      return map;
    }
    throw wrong("args of " + entry.name(), "must be an object", arguments);
  }

  private Record fill(Entry entry, Map<?, ?> arguments) {
    RecordType type = entry.type();
    @Nullable Object[] parts = new Object[type.size()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = type.get(entry.prototype(), i);
    }
    TreeSet<String> missing = new TreeSet<>(entry.required());
    TreeMap<Integer, String> given = new TreeMap<>();
    for (Map.Entry<?, ?> argument : arguments.entrySet()) {
      String name = String.valueOf(argument.getKey());
      int i = entry.component(name);
      String twice = given.put(i, name);
      if (twice != null) {
        throw new IllegalArgumentException(
            "%s must have only one of \"%s\" and \"%s\", but had both"
                .formatted(entry.name(), twice, name));
      }
      String where = entry.name() + ": \"" + name + "\"";
      boolean isOptional = !entry.required().contains(entry.arguments().get(i));
      parts[i] = part(where, type, i, parts[i], isOptional, argument.getValue());
      missing.remove(entry.arguments().get(i));
    }
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "%s must have the argument \"%s\", but had %s"
              .formatted(entry.name(), missing.first(), arguments.keySet()));
    }
    return type.make(parts);
  }

  /**
   * Reads one argument. Null, which is "none" in Optax, stands for the default of an optional
   * schedule, and for no transformation.
   */
  private @Nullable Object part(
      String where,
      RecordType type,
      int i,
      @Nullable Object byDefault,
      boolean isOptional,
      @Nullable Object plain) {
    if (byDefault instanceof PlainForm form) {
      return form.read(where, plain);
    }
    if (plain == null && isOptional && type.rawType(i) == Schedule.class) {
      return byDefault;
    }
    if (plain == null && isOptional && type.rawType(i) == GradientTransformation.class) {
      return new Identity();
    }
    return value(where, type.declaredType(i), type.rawType(i), plain);
  }

  private @Nullable Object value(String where, Type type, Class<?> raw, @Nullable Object plain) {
    if (plain == null) {
      if (raw.isPrimitive() || raw == Schedule.class || raw == GradientTransformation.class) {
        throw wrong(where, "must not be null", null);
      }
      return null;
    }
    if (raw == Schedule.class) {
      return schedule(where, plain);
    }
    if (raw == GradientTransformation.class) {
      return optimizer(where, plain);
    }
    if (raw == Predicate.class) {
      return PlainMasks.mask(where, plain);
    }
    if (raw == Function.class) {
      return PlainMasks.labels(where, plain);
    }
    if (raw == List.class) {
      return list(where, type, plain);
    }
    if (raw == Map.class) {
      return map(where, type, plain);
    }
    if (raw.isInterface()) {
      return function(where, raw, plain);
    }
    return raw.isRecord() ? record(where, raw, plain) : simple(where, raw, plain);
  }

  /** Reads an argument that is a function, such as a measure, by its name in the catalog. */
  private Object function(String where, Class<?> raw, Object plain) {
    if (raw == StepCondition.class && plain instanceof Number) {
      return StepCondition.notZero(schedule(where, plain));
    }
    boolean form = plain instanceof String || plain instanceof Map;
    Object made = form ? named(where, plain) : plain;
    if (raw == StepCondition.class && made instanceof Schedule schedule) {
      return StepCondition.notZero(schedule);
    }
    if (raw.isInstance(made)) {
      return made;
    }
    List<String> names =
        catalog.entries().stream()
            .filter(entry -> raw.isInstance(entry.prototype()))
            .map(Entry::name)
            .toList();
    throw wrong(where, "must be one of " + names, plain);
  }

  private Object simple(String where, Class<?> raw, Object plain) {
    if (raw == double.class || raw == Double.class) {
      return number(where, plain);
    }
    if (raw == int.class || raw == Integer.class) {
      return (int) whole(where, plain, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    if (raw == long.class || raw == Long.class) {
      return whole(where, plain, Long.MIN_VALUE, Long.MAX_VALUE);
    }
    if (raw == boolean.class && plain instanceof Boolean) {
      return plain;
    }
    if (raw == String.class && plain instanceof String) {
      return plain;
    }
    if (raw.isEnum() && plain instanceof String name) {
      for (Object constant : raw.getEnumConstants()) {
        if (constant.toString().equalsIgnoreCase(name)) {
          return constant;
        }
      }
    }
    throw wrong(where, "must be a " + raw.getSimpleName().toLowerCase(Locale.ROOT), plain);
  }

  /**
   * Reads a number. An infinite one, which is "inf" in JSON, is left to the record's own checks.
   */
  private static double number(String where, Object plain) {
    if (plain instanceof Number number) {
      return Double.isNaN(number.doubleValue()) ? finite(where, number) : number.doubleValue();
    }
    if (plain.equals(INFINITY)) {
      return Double.POSITIVE_INFINITY;
    }
    throw wrong(where, "must be a number", plain);
  }

  private static double finite(String where, Number number) {
    double value = number.doubleValue();
    if (!Double.isFinite(value)) {
      throw wrong(where, "must be finite", number);
    }
    return value;
  }

  private static long whole(String where, Object plain, long least, long most) {
    if (plain instanceof Number number && Double.isFinite(number.doubleValue())) {
      BigDecimal exact = new BigDecimal(number.toString());
      if (exact.stripTrailingZeros().scale() <= 0
          && exact.compareTo(BigDecimal.valueOf(least)) >= 0
          && exact.compareTo(BigDecimal.valueOf(most)) <= 0) {
        return exact.longValueExact();
      }
    }
    throw wrong(where, "must be a whole number from %d to %d".formatted(least, most), plain);
  }

  private List<Object> list(String where, Type type, Object plain) {
    if (!(plain instanceof List<?> list)) {
      throw wrong(where, "must be a list", plain);
    }
    Type element = RecordType.argument(type, 0);
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      String place = where + "[" + i + "]";
      Object value = value(place, element, RecordType.raw(element), list.get(i));
      if (value == null) {
        throw wrong(place, "must not be null", null);
      }
      values.add(value);
    }
    return values;
  }

  private Map<Object, Object> map(String where, Type type, Object plain) {
    if (!(plain instanceof Map<?, ?> map)) {
      throw wrong(where, "must be an object", plain);
    }
    Type element = RecordType.argument(type, 1);
    boolean counts = RecordType.argument(type, 0) == Integer.class;
    Map<Object, Object> values = new LinkedHashMap<>();
    for (Map.Entry<?, ?> part : map.entrySet()) {
      String key = String.valueOf(part.getKey());
      String place = where + "[" + key + "]";
      Object value = value(place, element, RecordType.raw(element), part.getValue());
      if (value == null) {
        throw wrong(place, "must not be null", null);
      }
      values.put(counts ? (Object) count(place, key) : key, value);
    }
    return values;
  }

  private static int count(String where, String key) {
    try {
      return Integer.parseInt(key);
    } catch (NumberFormatException e) {
      throw wrong(where, "must have a whole number as its key", key);
    }
  }

  /** Reads a record: an entry's in its own form; another one from a list of its components. */
  private Object record(String where, Class<?> raw, Object plain) {
    Entry entry = catalog.entryOf(raw);
    if (entry != null && plain instanceof Map<?, ?> map) {
      return map.containsKey("name") ? named(where, plain) : make(entry, map);
    }
    RecordType type = RecordType.of(raw.asSubclass(Record.class));
    if (!(plain instanceof List<?> list) || list.size() != type.size()) {
      throw wrong(where, "must be a list of " + type.size() + " numbers", plain);
    }
    @Nullable Object[] parts = new Object[type.size()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = value(where + "[" + i + "]", type.declaredType(i), type.rawType(i), list.get(i));
    }
    return type.make(parts);
  }

  static IllegalArgumentException wrong(String where, String rule, @Nullable Object plain) {
    String shown = plain instanceof String text ? "\"" + text + "\"" : String.valueOf(plain);
    String cut = shown.length() > 200 ? shown.substring(0, 200) + "..." : shown;
    return new IllegalArgumentException(where + " " + rule + ", but was " + cut);
  }
}
