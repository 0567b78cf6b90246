package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;

/**
 * Interpolates between the points (0, {@code initValue}) and (boundary, {@code initValue} times all
 * scales up to this boundary) by lines or half cosine waves. The value is constant after the last
 * boundary.
 *
 * <p>Values are those of Optax. Arguments are checked when the schedule is made.
 *
 * @param interpolateType lines or half cosine waves
 * @param initValue the value at count 0
 * @param boundariesAndScales for each boundary the factor, not negative, by which the value has
 *     changed since the boundary before
 */
@Withers
public record PiecewiseInterpolateSchedule(
    InterpolateType interpolateType, double initValue, Map<Integer, Double> boundariesAndScales)
    implements Schedule, PiecewiseInterpolateScheduleWithers {

  /** The curve from one value to the next. Its text form is in lower case, as in Optax. */
  public enum InterpolateType {
    /** {@code start + (end - start) fraction}. */
    LINEAR,
    /** {@code end + (start - end) (1 + cos(pi fraction)) / 2}. */
    COSINE;

    double between(double start, double end, float fraction) {
      return switch (this) {
        case LINEAR -> (end - start) * fraction + start;
        case COSINE -> end + (start - end) / 2 * ((float) Math.cos((float) Math.PI * fraction) + 1);
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Checks the arguments and copies the map.
   *
   * @param interpolateType lines or half cosine waves
   * @param initValue finite
   * @param boundariesAndScales with factors that are finite and not negative
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public PiecewiseInterpolateSchedule {
    Check.finite("initValue", initValue);
    boundariesAndScales = Boundaries.checked(boundariesAndScales);
  }

  @Override
  public double at(double count) {
    NavigableMap<Integer, Double> scales = Boundaries.sorted(boundariesAndScales);
    Integer before = null;
    Integer after = scales.isEmpty() ? null : scales.firstKey();
    double value = initValue;
    while (after != null && after <= count) {
      value *= Boundaries.scale(scales, after);
      before = after;
      after = scales.higherKey(after);
    }
    double start = before == null ? 0 : before;
    if (count < start) {
      return 0; // as in Optax, where no interval contains a count before 0
    }
    if (after == null) {
      return value;
    }
    float fraction = Single.fraction(count - start, after - start);
    return interpolateType.between(value, value * Boundaries.scale(scales, after), fraction);
  }
}
