package dev.glissade.records;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Walks and rebuilds values made of {@linkplain ContainerType containers} and leaves. A component
 * is named as in the record, a list's element by its index, a map's by its key; a path joins names
 * by '/'.
 */
public final class Records {
  private Records() {}

  /** Calls the visitor with the path and the value of every leaf, null ones too, in order. */
  public static void walk(@Nullable Object value, BiConsumer<String, @Nullable Object> visitor) {
    visit(
        "",
        value,
        (path, part, leaf) -> {
          if (leaf) {
            visitor.accept(path, part);
          }
          return true;
        });
  }

  private interface Visitor {
    /** Looks at a part, and returns whether to go on with its children. */
    boolean visit(String path, @Nullable Object part, boolean leaf);
  }

  private static void visit(String path, @Nullable Object value, Visitor visitor) {
    ContainerType type = ContainerType.of(value);
    if (visitor.visit(path, value, type == null) && value != null && type != null) {
      for (int i = 0; i < type.size(); i++) {
        visit(join(path, type.name(i)), type.get(value, i), visitor);
      }
    }
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "/" + name;
  }

  /** Returns the children by name and in order; empty for a leaf. */
  public static Map<String, @Nullable Object> children(@Nullable Object value) {
    return children(value, (name, child) -> child);
  }

  /**
   * Returns what a function makes of the name and the value of each child, by name and in order;
   * empty for a leaf.
   */
  public static <R extends @Nullable Object> Map<String, R> children(
      @Nullable Object value, BiFunction<String, @Nullable Object, R> made) {
    Map<String, R> children = new LinkedHashMap<>();
    ContainerType type = ContainerType.of(value);
    if (value != null && type != null) {
      for (int i = 0; i < type.size(); i++) {
        children.put(type.name(i), made.apply(type.name(i), type.get(value, i)));
      }
    }
    return children;
  }

  /** Returns all leaves by path, in order. */
  public static Map<String, @Nullable Object> leaves(@Nullable Object value) {
    Map<String, @Nullable Object> leaves = new LinkedHashMap<>();
    walk(value, leaves::put);
    return leaves;
  }

  /** Returns everything in a value by path, containers among it, but not the value itself. */
  public static Map<String, @Nullable Object> nodes(@Nullable Object value) {
    Map<String, @Nullable Object> nodes = new LinkedHashMap<>();
    visit(
        "",
        value,
        (path, part, leaf) -> {
          if (!path.isEmpty()) {
            nodes.put(path, part);
          }
          return true;
        });
    return nodes;
  }

  /** Returns the parts of this type, perhaps the value itself, but no parts of such parts. */
  public static <R> List<R> parts(@Nullable Object value, Class<R> type) {
    List<R> found = new ArrayList<>();
    visit(
        "",
        value,
        (path, part, leaf) -> {
          boolean one = type.isInstance(part);
          if (one) {
            found.add(type.cast(part));
          }
          return !one;
        });
    return found;
  }

  /** Returns a value of the same form whose leaves are replaced, in the order of {@link #walk}. */
  @SuppressWarnings("unchecked")
  public static <T> T map(T value, UnaryOperator<@Nullable Object> leaf) {
    return (T) Objects.requireNonNull(mapAny(value, leaf));
  }

  private static @Nullable Object mapAny(
      @Nullable Object value, UnaryOperator<@Nullable Object> leaf) {
    ContainerType type = ContainerType.of(value);
    return value == null || type == null
        ? leaf.apply(value)
        : type.make(i -> mapAny(type.get(value, i), leaf));
  }

  /**
   * Returns a value of the same form as both, each leaf made of theirs.
   *
   * @throws IllegalArgumentException if their forms differ, naming where
   */
  public static <T> T zip(T a, T b, BinaryOperator<@Nullable Object> leaf) {
    Map<String, @Nullable Object> left = leaves(a);
    Map<String, @Nullable Object> right = leaves(b);
    if (!left.keySet().equals(right.keySet()) || !a.getClass().equals(b.getClass())) {
      throw new IllegalArgumentException(
          "two states must have the same form, but had "
              + left.keySet()
              + " and "
              + right.keySet());
    }
    Iterator<@Nullable Object> other = right.values().iterator();
    return map(a, value -> leaf.apply(value, other.next()));
  }

  /** Returns the value with another part at a path of {@link #nodes}. */
  @SuppressWarnings("unchecked")
  public static <T> T replaced(T value, String path, @Nullable Object part) {
    return (T) Objects.requireNonNull(replaced("", value, path, part));
  }

  private static @Nullable Object replaced(
      String at, @Nullable Object value, String path, @Nullable Object part) {
    if (at.equals(path)) {
      return part;
    }
    ContainerType type = ContainerType.of(value);
    boolean onTheWay = at.isEmpty() || path.startsWith(at + "/");
    return value == null || type == null || !onTheWay
        ? value
        : type.make(i -> replaced(join(at, type.name(i)), type.get(value, i), path, part));
  }

  /**
   * Returns the value with every part of the given type replaced by the function of it and of the
   * part that stands at the same place in {@code source}, a value of the same form.
   */
  @SuppressWarnings("unchecked")
  public static <T, R> T graft(T value, T source, Class<R> type, BinaryOperator<R> part) {
    return (T) Objects.requireNonNull(graftAny(value, source, type, part));
  }

  private static <R> @Nullable Object graftAny(
      @Nullable Object value, @Nullable Object source, Class<R> type, BinaryOperator<R> part) {
    if (value == null || source == null) {
      return value;
    }
    if (type.isInstance(value) && type.isInstance(source)) {
      return part.apply(type.cast(value), type.cast(source));
    }
    ContainerType container = ContainerType.of(value);
    return container == null || !container.matches(source)
        ? value
        : container.make(
            i -> graftAny(container.get(value, i), container.get(source, i), type, part));
  }
}
