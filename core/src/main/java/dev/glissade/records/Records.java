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
 * Walks and rebuilds values that consist of {@linkplain ContainerType containers} and leaves. A
 * record's component is named as in the record, a list's element by its index, a map's value by its
 * key. A path joins these names by '/'.
 */
public final class Records {
  private Records() {}

  /**
   * Calls the visitor with the path and the value of every leaf in order, including null leaves.
   *
   * @param value any value; a leaf has the path ""
   * @param visitor takes a path and a leaf
   */
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
    /** Visits a part, and returns whether to visit its children. */
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

  /**
   * {@return the children of a container by name, in order; none for a leaf}
   *
   * @param value any value
   */
  public static Map<String, @Nullable Object> children(@Nullable Object value) {
    return children(value, (name, child) -> child);
  }

  /**
   * {@return what a function returns for each child of a container, by name, in order; nothing for
   * a leaf}
   *
   * @param <R> the function's results
   * @param value any value
   * @param made takes a child's name and value
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

  /**
   * {@return all leaves by path, in order}
   *
   * @param value any value
   */
  public static Map<String, @Nullable Object> leaves(@Nullable Object value) {
    Map<String, @Nullable Object> leaves = new LinkedHashMap<>();
    walk(value, leaves::put);
    return leaves;
  }

  /**
   * {@return all parts of a value by path, containers included, but not the value itself}
   *
   * @param value any value
   */
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

  /**
   * Returns the parts of a class, in order, and the value itself if it is of the class. Parts
   * inside such parts are not included.
   *
   * @param <R> the parts' type
   * @param value any value
   * @param type the class to look for
   * @return the parts found
   */
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

  /**
   * {@return a value of the same form whose leaves a function has replaced, in the order of {@link
   * #walk}}
   *
   * @param <T> the value's type
   * @param value the value to rebuild
   * @param leaf takes a leaf and returns its replacement
   */
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
   * Returns a value of the form of two others, each leaf computed from theirs.
   *
   * @param <T> the values' type
   * @param a the first value
   * @param b the second value, of the same form
   * @param leaf takes a leaf of each
   * @return the combined value
   * @throws IllegalArgumentException if the forms differ
   */
  public static <T> T zip(T a, T b, BinaryOperator<@Nullable Object> leaf) {
    Map<String, @Nullable Object> left = leaves(a);
    Map<String, @Nullable Object> right = leaves(b);
    ContainerType type = ContainerType.of(a);
    boolean alike = type == null ? a.getClass().equals(b.getClass()) : type.matches(b);
    if (!left.keySet().equals(right.keySet()) || !alike) {
      throw new IllegalArgumentException(
          "two states must have the same form, but had "
              + left.keySet()
              + " and "
              + right.keySet());
    }
    Iterator<@Nullable Object> other = right.values().iterator();
    return map(a, value -> leaf.apply(value, other.next()));
  }

  /**
   * {@return a copy of a value with another part at one path}
   *
   * @param <T> the value's type
   * @param value the value to copy
   * @param path a path of {@link #nodes}; other paths change nothing
   * @param part the new part
   */
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
   * Returns a copy of a value in which a function replaces every part of a class that has a
   * counterpart in another value.
   *
   * @param <T> the values' type
   * @param <R> the parts' type
   * @param value the value to copy
   * @param source the value with the counterparts, at the same places; where its form differs, the
   *     copy keeps the value's parts
   * @param type the class of the parts to replace
   * @param part takes a part of {@code value} and its counterpart in {@code source}
   * @return the copy
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
