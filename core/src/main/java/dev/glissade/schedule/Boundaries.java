package dev.glissade.schedule;

import dev.glissade.records.Check;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/** The steps at which a value is multiplied, and the factors, in ascending order of steps. */
final class Boundaries {
  private Boundaries() {}

  /**
   * Returns an unmodifiable copy in ascending order; every factor must be finite and not negative.
   */
  static Map<Integer, Double> checked(Map<Integer, Double> boundariesAndScales) {
    boundariesAndScales.forEach((boundary, scale) -> {
      String name = "boundariesAndScales[" + boundary + "]";
      Check.finite(name, scale);
      Check.that(scale >= 0, name + " must not be negative", scale);
    });
    return Collections.unmodifiableNavigableMap(new TreeMap<>(boundariesAndScales));
  }

  /**
   * Returns what {@link #checked} returned as a sorted map, which can be walked without an
   * iterator.
   */
  static NavigableMap<Integer, Double> sorted(Map<Integer, Double> checked) {
    return (NavigableMap<Integer, Double>) checked;
  }

  static double scale(NavigableMap<Integer, Double> scales, Integer boundary) {
    return Objects.requireNonNull(scales.get(boundary));
  }
}
