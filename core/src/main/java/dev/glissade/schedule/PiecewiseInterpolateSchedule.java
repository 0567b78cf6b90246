package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;

/**
 * Through the points (0, {@code initValue}) and (boundary, {@code initValue} times all scales up to
 * this boundary), by lines or half cosine waves; constant after the last one. Scales must not be
 * negative.
 *
 * @param interpolateType lines or half cosine waves
 * @param initValue the value at count 0
 * @param boundariesAndScales the factor, not negative, that is reached at each count
 */
@Withers
public record PiecewiseInterpolateSchedule(
    InterpolateType interpolateType, double initValue, Map<Integer, Double> boundariesAndScales)
    implements Schedule, PiecewiseInterpolateScheduleWithers {

  /** How to go from one value to the next; written in small letters. */
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
      return 0; // the original has no value before step 0
    }
    if (after == null) {
      return value;
    }
    float fraction = Single.fraction(count - start, after - start);
    return interpolateType.between(value, value * Boundaries.scale(scales, after), fraction);
  }
}
