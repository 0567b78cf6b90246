package dev.glissade.records;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Takes records, lists and maps apart, one level at a time, and makes new ones of other children.
 * Every other value is a leaf. All code that walks or rebuilds values uses this interface, so it
 * agrees on what a container is and on the order of its children.
 */
public sealed interface ContainerType
    permits RecordType, ContainerType.OfList, ContainerType.OfMap {
  /** The three kinds of containers. */
  enum Kind {
    /** A record, whose children are its components. */
    RECORD,

    /** A list, whose children are its elements. */
    LIST,

    /** A map, whose children are its values. */
    MAP;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * {@return the type of a container; null for a leaf}
   *
   * @param value any value
   */
  static @Nullable ContainerType of(@Nullable Object value) {
    if (value instanceof Record record) {
      return RecordType.of(record.getClass());
    }
    if (value instanceof List<?> list) {
      return new OfList(list.size(), list instanceof RebuiltList<?> own ? own : null);
    }
    return value instanceof Map<?, ?> map ? new OfMap(new ArrayList<>(map.keySet())) : null;
  }

  /** {@return whether this is a record, a list or a map} */
  Kind kind();

  /** {@return the number of children} */
  int size();

  /**
   * {@return a component's name, an element's index or a map's key}
   *
   * @param child the child's number, from 0
   */
  String name(int child);

  /**
   * {@return a child of a container}
   *
   * @param container a value that {@linkplain #matches has this type}
   * @param child the child's number, from 0
   */
  @Nullable Object get(Object container, int child);

  /**
   * {@return whether a value is a container of this type: a record of the same class, or a list or
   * map of any size}
   *
   * @param value any value
   */
  default boolean matches(@Nullable Object value) {
    ContainerType other = of(value);
    return other != null && (kind() == Kind.RECORD ? equals(other) : kind() == other.kind());
  }

  /**
   * {@return an unmodifiable container of these children}
   *
   * @param children the children in order; the container may keep the array
   */
  Object make(@Nullable Object[] children);

  /**
   * {@return an unmodifiable container of the children that a function returns}
   *
   * @param child takes the numbers of the children, in order from 0
   */
  default Object make(IntFunction<? extends @Nullable Object> child) {
    @Nullable Object[] children = new Object[size()];
    Arrays.setAll(children, child);
    return make(children);
  }

  /**
   * The type of lists of one size.
   *
   * @param size the number of elements
   * @param own a list of the class to make; null for any list
   */
  record OfList(int size, @Nullable RebuiltList<?> own) implements ContainerType {
    @Override
    public Kind kind() {
      return Kind.LIST;
    }

    @Override
    public String name(int child) {
      return Integer.toString(child);
    }

    @Override
    public @Nullable Object get(Object container, int child) {
      return ((List<?>) container).get(child);
    }

    @Override
    public Object make(@Nullable Object[] children) {
      return own == null
          ? Collections.unmodifiableList(Arrays.asList(children))
          : own.rebuilt(Arrays.asList(children));
    }
  }

  /**
   * The type of maps with the same keys.
   *
   * @param keys the keys in order
   */
  record OfMap(List<?> keys) implements ContainerType {
    @Override
    public Kind kind() {
      return Kind.MAP;
    }

    @Override
    public int size() {
      return keys.size();
    }

    @Override
    public String name(int child) {
      return String.valueOf(keys.get(child));
    }

    @Override
    public @Nullable Object get(Object container, int child) {
      return ((Map<?, ?>) container).get(keys.get(child));
    }

    @Override
    public Object make(@Nullable Object[] children) {
      Map<Object, @Nullable Object> map = new LinkedHashMap<>();
      for (int i = 0; i < children.length; i++) {
        map.put(keys.get(i), children[i]);
      }
      return Collections.unmodifiableMap(map);
    }
  }
}
