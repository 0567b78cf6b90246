package dev.glissade.records;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Walks values made of records, lists and maps with string keys. Whatever is none of these is a
 * leaf. A component is named as in the record, a list's element by its index, parts joined by '/'.
 */
public final class Records {
  private Records() {}

  /** Calls the visitor with the path and the value of every leaf, null ones too, in order. */
  public static void walk(@Nullable Object value, BiConsumer<String, @Nullable Object> visitor) {
    walk("", value, visitor);
  }

  private static void walk(
      String path, @Nullable Object value, BiConsumer<String, @Nullable Object> visitor) {
    if (value instanceof Record record) {
      RecordType type = RecordType.of(record.getClass());
      for (int i = 0; i < type.size(); i++) {
        walk(join(path, type.name(i)), type.get(record, i), visitor);
      }
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        walk(join(path, Integer.toString(i)), list.get(i), visitor);
      }
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((key, element) -> walk(join(path, String.valueOf(key)), element, visitor));
    } else {
      visitor.accept(path, value);
    }
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "/" + name;
  }

  /** A value of the same form whose leaves are replaced, in the order of {@link #walk}. */
  @SuppressWarnings("unchecked")
  public static <T> T map(T value, UnaryOperator<@Nullable Object> leaf) {
    return (T) Objects.requireNonNull(mapAny(value, leaf));
  }

  private static @Nullable Object mapAny(
      @Nullable Object value, UnaryOperator<@Nullable Object> leaf) {
    if (value instanceof Record record) {
      RecordType type = RecordType.of(record.getClass());
      @Nullable Object[] parts = new Object[type.size()];
      for (int i = 0; i < parts.length; i++) {
        parts[i] = mapAny(type.get(record, i), leaf);
      }
      return type.make(parts);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> mapped = new ArrayList<>(list.size());
      list.forEach(element -> mapped.add(mapAny(element, leaf)));
      return Collections.unmodifiableList(mapped);
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, @Nullable Object> mapped = new LinkedHashMap<>();
      map.forEach((key, element) -> mapped.put(key, mapAny(element, leaf)));
      return Collections.unmodifiableMap(mapped);
    }
    return leaf.apply(value);
  }

  /**
   * A value of the same form as both, each leaf made of theirs.
   *
   * @throws IllegalArgumentException if their forms differ, naming where
   */
  @SuppressWarnings("unchecked")
  public static <T> T zip(T a, T b, BinaryOperator<@Nullable Object> leaf) {
    Map<String, @Nullable Object> left = leaves(a);
    Map<String, @Nullable Object> right = leaves(b);
    if (!left.keySet().equals(right.keySet()) || !a.getClass().equals(b.getClass())) {
      throw new IllegalArgumentException(
          "two states must have the same form: " + left.keySet() + " and " + right.keySet());
    }
    Iterator<@Nullable Object> other = right.values().iterator();
    return map(a, value -> leaf.apply(value, other.next()));
  }

  /** The parts of this type, the value itself among them; parts of these are not looked at. */
  public static <R> List<R> parts(@Nullable Object value, Class<R> type) {
    List<R> found = new ArrayList<>();
    collect(value, type, found);
    return found;
  }

  private static <R> void collect(@Nullable Object value, Class<R> type, List<R> found) {
    if (type.isInstance(value)) {
      found.add(type.cast(value));
    } else if (value instanceof Record record) {
      RecordType form = RecordType.of(record.getClass());
      for (int i = 0; i < form.size(); i++) {
        collect(form.get(record, i), type, found);
      }
    } else if (value instanceof List<?> list) {
      list.forEach(element -> collect(element, type, found));
    } else if (value instanceof Map<?, ?> map) {
      map.values().forEach(element -> collect(element, type, found));
    }
  }

  /** All leaves by path, in order. */
  public static Map<String, @Nullable Object> leaves(@Nullable Object value) {
    Map<String, @Nullable Object> leaves = new LinkedHashMap<>();
    walk(value, leaves::put);
    return leaves;
  }

  /** Returns everything in a value by path, records, lists and maps among it, but not itself. */
  public static Map<String, @Nullable Object> nodes(@Nullable Object value) {
    Map<String, @Nullable Object> nodes = new LinkedHashMap<>();
    collect("", value, nodes);
    return nodes;
  }

  private static void collect(
      String path, @Nullable Object value, Map<String, @Nullable Object> nodes) {
    if (!path.isEmpty()) {
      nodes.put(path, value);
    }
    if (value instanceof Record record) {
      RecordType type = RecordType.of(record.getClass());
      for (int i = 0; i < type.size(); i++) {
        collect(join(path, type.name(i)), type.get(record, i), nodes);
      }
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        collect(join(path, Integer.toString(i)), list.get(i), nodes);
      }
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((key, element) -> collect(join(path, String.valueOf(key)), element, nodes));
    }
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
    if (!at.isEmpty() && !path.startsWith(at + "/")) {
      return value;
    }
    if (value instanceof Record record) {
      RecordType type = RecordType.of(record.getClass());
      @Nullable Object[] parts = new Object[type.size()];
      for (int i = 0; i < parts.length; i++) {
        parts[i] = replaced(join(at, type.name(i)), type.get(record, i), path, part);
      }
      return type.make(parts);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> mapped = new ArrayList<>(list.size());
      for (int i = 0; i < list.size(); i++) {
        mapped.add(replaced(join(at, Integer.toString(i)), list.get(i), path, part));
      }
      return Collections.unmodifiableList(mapped);
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, @Nullable Object> mapped = new LinkedHashMap<>();
      map.forEach((key, element) ->
          mapped.put(key, replaced(join(at, String.valueOf(key)), element, path, part)));
      return Collections.unmodifiableMap(mapped);
    }
    return value;
  }

  /**
   * The value with every part of the given type replaced by the function of it and of the part that
   * stands at the same place in {@code source}, a value of the same form.
   */
  public static <T, R> T graft(T value, T source, Class<R> type, BinaryOperator<R> part) {
    @SuppressWarnings("unchecked")
    T grafted = (T) Objects.requireNonNull(graftAny(value, source, type, part));
    return grafted;
  }

  private static <R> @Nullable Object graftAny(
      @Nullable Object value, @Nullable Object source, Class<R> type, BinaryOperator<R> part) {
    if (type.isInstance(value) && type.isInstance(source)) {
      return part.apply(type.cast(value), type.cast(source));
    }
    if (value instanceof Record record
        && source instanceof Record other
        && record.getClass() == other.getClass()) {
      RecordType form = RecordType.of(record.getClass());
      @Nullable Object[] parts = new Object[form.size()];
      for (int i = 0; i < parts.length; i++) {
        parts[i] = graftAny(form.get(record, i), form.get(other, i), type, part);
      }
      return form.make(parts);
    }
    if (value instanceof List<?> list && source instanceof List<?> other) {
      List<@Nullable Object> mapped = new ArrayList<>(list.size());
      for (int i = 0; i < list.size(); i++) {
        mapped.add(graftAny(list.get(i), other.get(i), type, part));
      }
      return Collections.unmodifiableList(mapped);
    }
    if (value instanceof Map<?, ?> map && source instanceof Map<?, ?> other) {
      Map<Object, @Nullable Object> mapped = new LinkedHashMap<>();
      map.forEach((key, e) -> mapped.put(key, graftAny(e, other.get(key), type, part)));
      return Collections.unmodifiableMap(mapped);
    }
    return value;
  }
}
