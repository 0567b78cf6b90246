package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import java.util.Map;
import java.util.NavigableMap;

/**
 * A value that jumps: {@code initValue} times all {@code scale} whose {@code boundary <= count},
 * for the entries (boundary, scale) of {@code boundariesAndScales}. Scales must not be negative.
 *
 * @param initValue the value before the first boundary
 * @param boundariesAndScales the factor, not negative, that applies from each count on
 */
@Withers
public record PiecewiseConstantSchedule(double initValue, Map<Integer, Double> boundariesAndScales)
    implements Schedule, PiecewiseConstantScheduleWithers {
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
