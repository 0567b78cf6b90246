package dev.glissade;

import dev.glissade.records.Check;
import dev.glissade.records.ContainerType;
import dev.glissade.records.ContainerType.Kind;
import dev.glissade.records.RebuiltList;
import dev.glissade.records.Records;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads and replaces the entries of a state by name, however deeply they are nested: {@code
 * States.scalar(state, "estimLr")} is Prodigy's estimate, also inside a chain.
 *
 * <p>An entry is a component of a record, an element of a list (named by its index) or a value of a
 * map (named by its key). Its path joins these names by '/', as in {@code "states/1/estimLr"}. A
 * name is a path or the end of one: {@code "estimLr"} and {@code "1/estimLr"} are names of that
 * entry.
 *
 * <p>A name must identify one entry: in a chain of two Adams, {@code "mu"} is ambiguous and {@code
 * "0/mu"} is not. If the name fits several entries, an injected hyperparameter takes precedence,
 * then the entry whose whole path is the name.
 */
public final class States {
  private static final String HYPERPARAMS = "hyperparams";

  private States() {}

  /**
   * {@return all entries that are not records, lists or maps, by path, in order}
   *
   * @param state a transformation's state
   */
  public static Map<String, @Nullable Object> entries(Object state) {
    return Records.leaves(state);
  }

  /**
   * {@return the number with a name}
   *
   * @param state a transformation's state
   * @param name the entry's path or the end of it
   * @throws IllegalArgumentException if the name fits no entry or several, or the entry is not a
   *     number
   */
  public static Scalar scalar(Object state, String name) {
    return only(state, name).value() instanceof Number number
        ? Scalar.of(number.doubleValue())
        : get(state, name, Scalar.class);
  }

  /**
   * {@return the tree with a name}
   *
   * @param state a transformation's state
   * @param name the entry's path or the end of it
   * @throws IllegalArgumentException if the name fits no entry or several, or the entry is not a
   *     tree
   */
  public static Tree tree(Object state, String name) {
    return get(state, name, Tree.class);
  }

  /**
   * {@return the entry with a name}
   *
   * @param <T> the entry's type
   * @param state a transformation's state
   * @param name the entry's path or the end of it
   * @param type the class that the entry must have
   * @throws IllegalArgumentException if the name fits no entry or several, or the entry has another
   *     type
   */
  public static <T> T get(Object state, String name, Class<T> type) {
    Entry entry = only(state, name);
    if (!type.isInstance(entry.value())) {
      throw new IllegalArgumentException(
          "state entry \"%s\" must be a %s, but was %s"
              .formatted(entry.path(), type.getSimpleName(), described(entry)));
    }
    return type.cast(entry.value());
  }

  /**
   * Returns a copy of the state with another value in one entry.
   *
   * @param <S> the state's type
   * @param state a transformation's state, which does not change
   * @param name the entry's path or the end of it
   * @param value a value of the entry's type: a number or a scalar for a scalar, a tree of the same
   *     paths, shapes and types for a tree
   * @return the changed state
   * @throws IllegalArgumentException if the name fits no entry or several, or the value does not
   *     fit
   */
  public static <S> S set(S state, String name, Object value) {
    Entry entry = only(state, name);
    Object old = entry.value();
    Entry holder = holder(state, entry.path());
    if (holder != null && value instanceof Number number) {
      String hyperparameter = entry.path().substring(entry.path().lastIndexOf('/') + 1);
      Hyperparams changed =
          ((Hyperparams) Objects.requireNonNull(holder.value()))
              .with(hyperparameter, number.doubleValue());
      return Records.replaced(state, holder.path(), changed);
    }
    Object fitting = value instanceof Number number ? converted(old, number) : value;
    if (old instanceof RebuiltList<?> own && value instanceof List<?> list) {
      fitting = own.rebuilt(list);
    }
    if (old instanceof Tree tree && fitting instanceof Tree other) {
      Check.that(
          tree.structure().equals(other.structure()),
          "state entry \"%s\" must have the structure %s".formatted(entry.path(), tree.structure()),
          other.structure());
    } else if (!isOfOneKind(old, fitting)) {
      throw new IllegalArgumentException(
          "state entry \"%s\" must be a %s, but was %s"
              .formatted(entry.path(), described(entry), typeName(fitting)));
    }
    return Records.replaced(state, entry.path(), fitting);
  }

  /** Returns the number in the type of the entry, if no digit is lost. */
  private static Object converted(@Nullable Object old, Number number) {
    if (old instanceof Scalar) {
      return Scalar.of(number.doubleValue());
    }
    if (old instanceof Double) {
      return number.doubleValue();
    }
    boolean whole = number.doubleValue() == number.longValue();
    if (old instanceof Long && whole) {
      return number.longValue();
    }
    if (old instanceof Integer && whole && number.longValue() == number.intValue()) {
      return number.intValue();
    }
    return number;
  }

  private static boolean isOfOneKind(@Nullable Object old, Object value) {
    ContainerType type = ContainerType.of(old);
    return type == null ? old == null || old.getClass().isInstance(value) : type.matches(value);
  }

  /** Returns the state that holds a hyperparameter, or null if the path is not that of one. */
  private static @Nullable Entry holder(Object state, String path) {
    int map = path.lastIndexOf("/");
    String parent = map < 0 ? "" : path.substring(0, map);
    if (!parent.equals(HYPERPARAMS) && !parent.endsWith("/" + HYPERPARAMS)) {
      return null;
    }
    String holder =
        parent.equals(HYPERPARAMS)
            ? ""
            : parent.substring(0, parent.length() - HYPERPARAMS.length() - 1);
    Object value = holder.isEmpty() ? state : Records.nodes(state).get(holder);
    return value instanceof Hyperparams ? new Entry(holder, value) : null;
  }

  private record Entry(String path, @Nullable Object value) {}

  static String missing(Object state, String name) {
    return "the state must have an entry \"%s\", but had %s"
        .formatted(name, Records.leaves(state).keySet());
  }

  /** Returns whether the name is that of an entry, or of several. */
  static boolean has(Object state, String name) {
    return Records.nodes(state).keySet().stream().anyMatch(path -> isNamed(path, name));
  }

  private static boolean isNamed(String path, String name) {
    return path.equals(name) || path.endsWith("/" + name);
  }

  private static Entry only(Object state, String name) {
    List<Entry> found = new ArrayList<>();
    Map<String, @Nullable Object> all = new LinkedHashMap<>(Records.nodes(state));
    all.forEach((path, value) -> {
      if (isNamed(path, name)) {
        found.add(new Entry(path, value));
      }
    });
    List<Entry> hyperparams = found.stream().filter(e -> holder(state, e.path()) != null).toList();
    if (hyperparams.size() == 1) {
      return hyperparams.get(0); // not the wrapped optimizer's own copy
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException(missing(state, name));
    }
    if (all.containsKey(name)) {
      return new Entry(name, all.get(name));
    }
    if (found.size() > 1) {
      throw new IllegalArgumentException(
          "\"%s\" must name one entry of the state, but names %s: give more of the path"
              .formatted(name, found.stream().map(Entry::path).toList()));
    }
    return found.get(0);
  }

  /** Returns the type; for a list or map, also the path of one entry, to suggest what to name. */
  private static String described(Entry entry) {
    String type = typeName(entry.value());
    ContainerType container = ContainerType.of(entry.value());
    if (container == null || container.kind() == Kind.RECORD) {
      return type;
    }
    return Records.leaves(entry.value()).keySet().stream()
        .findFirst()
        .map(first -> "%s with entries such as \"%s/%s\"".formatted(type, entry.path(), first))
        .orElse("empty " + type);
  }

  private static String typeName(@Nullable Object value) {
    ContainerType type = ContainerType.of(value);
    if (type != null && type.kind() != Kind.RECORD) {
      return type.kind().toString();
    }
    return value == null ? "null" : value.getClass().getSimpleName();
  }
}
