package dev.glissade.tree;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Maps that have the same order in each process. */
public final class Ordered {
  /** What {@link Map#of()} and {@link Map#copyOf} make: the order of these is drawn by lot. */
  private static final Class<?> WITHOUT_ORDER = Map.of("a", 1, "b", 2).getClass();

  private Ordered() {}

  /**
   * An unmodifiable copy in the map's own order; of a {@link Map#of()}, which has another order in
   * each process, in the order of the keys.
   */
  public static <K extends Comparable<K>, V> Map<K, V> copy(Map<K, V> map) {
    return Collections.unmodifiableMap(
        map.getClass() == WITHOUT_ORDER ? new TreeMap<>(map) : new LinkedHashMap<>(map));
  }
}
