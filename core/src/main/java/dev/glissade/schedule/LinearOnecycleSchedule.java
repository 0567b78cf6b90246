package dev.glissade.schedule;

import static dev.glissade.schedule.PiecewiseInterpolateSchedule.InterpolateType.LINEAR;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * One cycle of three lines (Smith and Topin, "Super-convergence", 2017), through the points
 *
 * <pre>{@code
 * count 0                          peakValue / divFactor
 * count pctStart transitionSteps   peakValue
 * count pctFinal transitionSteps   peakValue / divFactor
 * count transitionSteps            peakValue / divFactor / finalDivFactor
 * }</pre>
 *
 * <p>Counts are rounded down. Where two of them fall together, the factor of the later line counts.
 *
 * @param transitionSteps the number of steps of the cycle, positive
 * @param peakValue the largest value
 * @param pctStart the fraction of the cycle after which the peak is reached
 * @param pctFinal the fraction of the cycle after which the first value is reached again
 * @param divFactor peakValue over the first value, positive
 * @param finalDivFactor the first value over the last one, positive
 */
@Withers
public record LinearOnecycleSchedule(
    int transitionSteps,
    double peakValue,
    double pctStart,
    double pctFinal,
    double divFactor,
    double finalDivFactor)
    implements Schedule, LinearOnecycleScheduleWithers {
  public LinearOnecycleSchedule {
    Check.positive("transitionSteps", transitionSteps);
    Check.finite("peakValue", peakValue);
    Check.finite("pctStart", pctStart);
    Check.finite("pctFinal", pctFinal);
    Check.positive("divFactor", divFactor);
    Check.positive("finalDivFactor", finalDivFactor);
  }

  /** Returns a cycle with pctStart = 0.3, pctFinal = 0.85, divFactor = 25, finalDivFactor = 1e4. */
  public static LinearOnecycleSchedule of(int transitionSteps, double peakValue) {
    return new LinearOnecycleSchedule(transitionSteps, peakValue, 0.3, 0.85, 25, 1e4);
  }

  @Override
  public double at(double count) {
    int top = (int) (pctStart * transitionSteps);
    int back = (int) (pctFinal * transitionSteps);
    double before = OneCycle.before(count, top, back, transitionSteps);
    double after = OneCycle.after(count, top, back, transitionSteps);
    if (count < before) {
      return 0; // the original has no value before step 0
    }
    double start = corner(before, top, back);
    if (after == Double.POSITIVE_INFINITY) {
      return start;
    }
    return LINEAR.between(
        start, corner(after, top, back), Single.fraction(count - before, after - before));
  }

  /** The value at one of the points: the first one times the factors up to here. */
  private double corner(double count, int top, int back) {
    double value = peakValue / divFactor;
    if (count >= top && top != back && top != transitionSteps) {
      value *= divFactor;
    }
    if (count >= back && back != transitionSteps) {
      value *= 1 / divFactor;
    }
    return count >= transitionSteps ? value * (1 / finalDivFactor) : value;
  }
}
