package dev.glissade.schedule;

import dev.glissade.records.Check;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/** Steps and the factors that a value is multiplied with there, in the order of the steps. */
final class Boundaries {
  private Boundaries() {}

  /** An unmodifiable copy in ascending order whose factors are finite and not negative. */
  static Map<Integer, Double> checked(Map<Integer, Double> boundariesAndScales) {
    boundariesAndScales.forEach((boundary, scale) -> {
      String name = "boundariesAndScales[" + boundary + "]";
      Check.finite(name, scale);
      Check.that(scale >= 0, name + " must not be negative", scale);
    });
    return Collections.unmodifiableNavigableMap(new TreeMap<>(boundariesAndScales));
  }

  /** What {@link #checked} returned, by its order: its keys are walked without an iterator. */
  static NavigableMap<Integer, Double> sorted(Map<Integer, Double> checked) {
    return (NavigableMap<Integer, Double>) checked;
  }

  static double scale(NavigableMap<Integer, Double> scales, Integer boundary) {
    return Objects.requireNonNull(scales.get(boundary));
  }
}
