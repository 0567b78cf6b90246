package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.tree.Check;
import java.util.Map;
import java.util.NavigableMap;

/**
 * A value that jumps: {@code initValue} times all {@code scale} whose {@code boundary <= count},
 * for the entries (boundary, scale) of {@code boundariesAndScales}. Scales must not be negative.
 */
public record PiecewiseConstantSchedule(double initValue, Map<Integer, Double> boundariesAndScales)
    implements Schedule {
  public PiecewiseConstantSchedule {
    Check.finite("initValue", initValue);
    boundariesAndScales = Boundaries.checked(boundariesAndScales);
  }

  @Override
  public double at(double count) {
    NavigableMap<Integer, Double> scales = Boundaries.sorted(boundariesAndScales);
    double value = initValue;
    Integer boundary = scales.isEmpty() ? null : scales.firstKey();
    while (boundary != null && boundary <= count) {
      value *= Boundaries.scale(scales, boundary);
      boundary = scales.higherKey(boundary);
    }
    return value;
  }
}
