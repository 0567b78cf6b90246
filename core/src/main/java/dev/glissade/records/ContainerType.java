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
 * How a record, a list or a map is taken apart by one level, and made again of other children.
 * Whatever is none of these is a leaf. All that walks over values or rebuilds them goes through
 * here, so that it agrees on what a container is and in which order its children come.
 */
public sealed interface ContainerType
    permits RecordType, ContainerType.OfList, ContainerType.OfMap {
  /** What a container is. */
  enum Kind {
    RECORD,
    LIST,
    MAP;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Returns the type of a container; null for a leaf. */
  static @Nullable ContainerType of(@Nullable Object value) {
    if (value instanceof Record record) {
      return RecordType.of(record.getClass());
    }
    if (value instanceof List<?> list) {
      return new OfList(list.size(), list instanceof RebuiltList<?> own ? own : null);
    }
    return value instanceof Map<?, ?> map ? new OfMap(new ArrayList<>(map.keySet())) : null;
  }

  Kind kind();

  /** Returns the number of children. */
  int size();

  /** Returns a component's name, an element's index or a key. */
  String name(int child);

  /** Returns a child of a container that {@linkplain #matches has this type}. */
  @Nullable Object get(Object container, int child);

  /** Returns whether a value is a record of the same class, or a list or a map of any size. */
  default boolean matches(@Nullable Object value) {
    ContainerType other = of(value);
    return other != null && (kind() == Kind.RECORD ? equals(other) : kind() == other.kind());
  }

  /** Returns a container of these children. It can't be modified, and may keep the array. */
  Object make(@Nullable Object[] children);

  /** Returns a container of the children that a function gives by their numbers, in order. */
  default Object make(IntFunction<? extends @Nullable Object> child) {
    @Nullable Object[] children = new Object[size()];
    Arrays.setAll(children, child);
    return make(children);
  }

  /**
   * A list of this size.
   *
   * @param own a list of the type to make; null for any
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
          : rebuilt(own, children);
    }

    @SuppressWarnings("unchecked") // the list checks its elements
    private static <E> Object rebuilt(RebuiltList<E> own, @Nullable Object[] children) {
      return own.rebuilt((List<E>) Arrays.asList(children));
    }
  }

  /** A map of these keys. */
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
