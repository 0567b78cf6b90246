package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import java.util.Map;
import java.util.NavigableMap;

/**
 * Jumps at boundaries: the value is {@code initValue} times every {@code scale} whose {@code
 * boundary <= count}, for the entries (boundary, scale) of {@code boundariesAndScales}. So {@code
 * Map.of(1000, 0.1, 2000, 0.1)} divides a learning rate by 10 at step 1000 and again at step 2000.
 *
 * <p>Values are those of Optax. Arguments are checked when the schedule is made.
 *
 * @param initValue the value before the first boundary
 * @param boundariesAndScales for each boundary the factor, not negative, by which the value changes
 *     there
 */
@Withers
public record PiecewiseConstantSchedule(double initValue, Map<Integer, Double> boundariesAndScales)
    implements Schedule, PiecewiseConstantScheduleWithers {
  /**
   * Checks the arguments and copies the map.
   *
   * @param initValue finite
   * @param boundariesAndScales with factors that are finite and not negative
   * @throws IllegalArgumentException if an argument breaks its rule
   */
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
