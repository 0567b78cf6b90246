package dev.glissade.records;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Copies maps so that their order is the same in every process. */
public final class Ordered {
  /**
   * The class of {@link Map#of()} and {@link Map#copyOf}, whose order differs from process to
   * process.
   */
  private static final Class<?> WITHOUT_ORDER = Map.of("a", 1, "b", 2).getClass();

  private Ordered() {}

  /**
   * {@return an unmodifiable copy of a map, in its own order, or sorted by key if it {@linkplain
   * #hasOrder has no defined order}}
   *
   * @param <K> the keys
   * @param <V> the values
   * @param map the map to copy
   */
  public static <K extends Comparable<K>, V> Map<K, V> copy(Map<K, V> map) {
    return Collections.unmodifiableMap(
        hasOrder(map) ? new LinkedHashMap<>(map) : new TreeMap<>(map));
  }

  /**
   * {@return whether the order of a map is defined: false for {@link Map#of()} and {@link HashMap}
   * with several entries}
   *
   * @param map any map
   */
  public static boolean hasOrder(Map<?, ?> map) {
    return map.size() < 2 || (map.getClass() != WITHOUT_ORDER && map.getClass() != HashMap.class);
  }
}
