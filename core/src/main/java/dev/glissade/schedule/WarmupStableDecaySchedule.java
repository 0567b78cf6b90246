package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import java.util.Locale;

/**
 * Rises along a line, stays at {@code peakValue}, and cools down at the end (Hu et al., "MiniCPM",
 * 2024, arXiv 2404.06395; Haegele et al., "Scaling Laws and Compute-Optimal Training Beyond Fixed
 * Training Durations", 2024, arXiv 2405.18392). With s = count - warmupSteps - stableSteps:
 *
 * <pre>{@code
 * value = initValue + (peakValue - initValue) count / warmupSteps       in the first warmupSteps
 *         peakValue                                                     in the next stableSteps
 *         endValue + (peakValue - endValue) f(s / decaySteps)           in the next decaySteps
 *         endValue                                                      from then on
 * }</pre>
 *
 * <p>A checkpoint of the stable part can be trained on, or cooled down by a schedule with another
 * number of stable steps: the same up to there.
 *
 * @param initValue the value at count 0
 * @param peakValue the value after the warm-up
 * @param warmupSteps the number of steps of the warm-up, not negative
 * @param stableSteps the number of steps at peakValue, not negative
 * @param decaySteps the number of steps of the cool-down, not negative; 10 to 20% of all are usual
 * @param endValue the value after the cool-down
 * @param cooldown the form of the cool-down
 */
@Withers
public record WarmupStableDecaySchedule(
    double initValue,
    double peakValue,
    int warmupSteps,
    int stableSteps,
    int decaySteps,
    double endValue,
    Cooldown cooldown)
    implements Schedule, WarmupStableDecayScheduleWithers {

  /** The form of a cool-down, as a function f of the fraction of its steps that are done. */
  public enum Cooldown {
    /** {@code 1 - fraction}. */
    LINEAR,
    /** {@code 1 - sqrt(fraction)}, written "1-sqrt" as in the paper. */
    ONE_MINUS_SQRT;

    double left(double fraction) {
      return this == LINEAR ? 1 - fraction : 1 - Math.sqrt(fraction);
    }

    @Override
    public String toString() {
      return this == LINEAR ? name().toLowerCase(Locale.ROOT) : "1-sqrt";
    }
  }

  /**
   * Checks the arguments.
   *
   * @param initValue finite
   * @param peakValue finite
   * @param warmupSteps not negative
   * @param stableSteps not negative
   * @param decaySteps not negative
   * @param endValue finite
   * @param cooldown linear or 1-sqrt
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public WarmupStableDecaySchedule {
    Check.finite("initValue", initValue);
    Check.finite("peakValue", peakValue);
    Check.atLeast("warmupSteps", 0, warmupSteps);
    Check.atLeast("stableSteps", 0, stableSteps);
    Check.atLeast("decaySteps", 0, decaySteps);
    Check.finite("endValue", endValue);
  }

  /**
   * Returns a schedule that cools down to 0 by 1 - sqrt.
   *
   * @param initValue the value at count 0
   * @param peakValue the value after the warm-up
   * @param warmupSteps the number of steps of the warm-up, not negative
   * @param stableSteps the number of steps at peakValue, not negative
   * @param decaySteps the number of steps of the cool-down, not negative
   * @return the schedule
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public static WarmupStableDecaySchedule of(
      double initValue, double peakValue, int warmupSteps, int stableSteps, int decaySteps) {
    return new WarmupStableDecaySchedule(
        initValue, peakValue, warmupSteps, stableSteps, decaySteps, 0, Cooldown.ONE_MINUS_SQRT);
  }

  @Override
  public double at(double count) {
    if (count < warmupSteps) {
      return initValue + (peakValue - initValue) * (count / warmupSteps);
    }
    double s = count - warmupSteps - stableSteps;
    if (s < 0) {
      return peakValue;
    }
    return s >= decaySteps
        ? endValue
        : endValue + (peakValue - endValue) * cooldown.left(s / decaySteps);
  }
}
