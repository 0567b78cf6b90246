package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * Rises along a line from {@code initValue} to {@code peakValue}, then decays with the inverse
 * square root of the number of steps (Vaswani et al., "Attention Is All You Need", 2017, arXiv
 * 1706.03762), so that the length of the training need not be known:
 *
 * <pre>{@code
 * value = initValue + (peakValue - initValue) count / warmupSteps   in the first warmupSteps
 *         peakValue sqrt(timescale / (count - warmupSteps + timescale))   from then on
 * }</pre>
 *
 * <p>With timescale = warmupSteps, the default, this is {@code peakValue sqrt(warmupSteps /
 * count)}.
 *
 * @param initValue the value at count 0
 * @param peakValue the value after the warm-up
 * @param warmupSteps the number of steps of the warm-up, not negative
 * @param timescale the number of steps after which the value has fallen by the root of 2; null for
 *     warmupSteps
 */
@Withers
public record InverseSqrtSchedule(
    double initValue, double peakValue, int warmupSteps, @Nullable Integer timescale)
    implements Schedule, InverseSqrtScheduleWithers {
  /**
   * Checks the arguments.
   *
   * @param initValue finite
   * @param peakValue finite
   * @param warmupSteps not negative
   * @param timescale positive; null only if warmupSteps is positive
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public InverseSqrtSchedule {
    Check.finite("initValue", initValue);
    Check.finite("peakValue", peakValue);
    Check.atLeast("warmupSteps", 0, warmupSteps);
    if (timescale != null) {
      Check.positive("timescale", timescale);
    } else {
      Check.that(warmupSteps > 0, "warmupSteps must be positive without a timescale", warmupSteps);
    }
  }

  /**
   * Returns a schedule whose timescale is the warm-up.
   *
   * @param initValue the value at count 0
   * @param peakValue the value after the warm-up
   * @param warmupSteps the number of steps of the warm-up, positive
   * @return the schedule
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public static InverseSqrtSchedule of(double initValue, double peakValue, int warmupSteps) {
    return new InverseSqrtSchedule(initValue, peakValue, warmupSteps, null);
  }

  @Override
  public double at(double count) {
    if (count < warmupSteps) {
      return initValue + (peakValue - initValue) * (count / warmupSteps);
    }
    double scale = timescale == null ? warmupSteps : timescale;
    return peakValue * Math.sqrt(scale / (count - warmupSteps + scale));
  }
}
