package dev.glissade.records;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Copies maps so that their order is the same in each process. */
public final class Ordered {
  /**
   * The class of {@link Map#of()} and {@link Map#copyOf}, whose order is random in each process.
   */
  private static final Class<?> WITHOUT_ORDER = Map.of("a", 1, "b", 2).getClass();

  private Ordered() {}

  /**
   * Returns an unmodifiable copy in the map's own order, or in the order of the keys where it
   * {@linkplain #hasOrder has none}.
   */
  public static <K extends Comparable<K>, V> Map<K, V> copy(Map<K, V> map) {
    return Collections.unmodifiableMap(
        hasOrder(map) ? new LinkedHashMap<>(map) : new TreeMap<>(map));
  }

  /**
   * Returns false for a {@link Map#of()} and a {@link HashMap} of several entries, whose order
   * means nothing.
   */
  public static boolean hasOrder(Map<?, ?> map) {
    return map.size() < 2 || (map.getClass() != WITHOUT_ORDER && map.getClass() != HashMap.class);
  }
}
