package dev.glissade.schedule;

import static dev.glissade.schedule.PiecewiseInterpolateSchedule.InterpolateType.COSINE;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * One cycle of two half cosine waves (Smith and Topin, "Super-convergence", 2017), through the
 * points
 *
 * <pre>{@code
 * count 0                          peakValue / divFactor
 * count pctStart transitionSteps   peakValue
 * count transitionSteps            peakValue / (divFactor finalDivFactor)
 * }</pre>
 *
 * <p>Counts are rounded down. Where two of them fall together, the factor of the later wave counts.
 *
 * @param transitionSteps the number of steps of the cycle, positive
 * @param peakValue the largest value
 * @param pctStart the fraction of the cycle in which the value rises
 * @param divFactor peakValue over the first value, positive
 * @param finalDivFactor the first value over the last one, positive
 */
@Withers
public record CosineOnecycleSchedule(
    int transitionSteps, double peakValue, double pctStart, double divFactor, double finalDivFactor)
    implements Schedule, CosineOnecycleScheduleWithers {
  public CosineOnecycleSchedule {
    Check.positive("transitionSteps", transitionSteps);
    Check.finite("peakValue", peakValue);
    Check.finite("pctStart", pctStart);
    Check.positive("divFactor", divFactor);
    Check.positive("finalDivFactor", finalDivFactor);
  }

  /** Returns a cycle with pctStart = 0.3, divFactor = 25, finalDivFactor = 1e4. */
  public static CosineOnecycleSchedule of(int transitionSteps, double peakValue) {
    return new CosineOnecycleSchedule(transitionSteps, peakValue, 0.3, 25, 1e4);
  }

  @Override
  public double at(double count) {
    int top = (int) (pctStart * transitionSteps);
    double before = OneCycle.before(count, top, top, transitionSteps);
    double after = OneCycle.after(count, top, top, transitionSteps);
    if (count < before) {
      return 0; // the original has no value before step 0
    }
    double start = corner(before, top);
    if (after == Double.POSITIVE_INFINITY) {
      return start;
    }
    return COSINE.between(
        start, corner(after, top), Single.fraction(count - before, after - before));
  }

  /** The value at one of the points: the first one times the factors up to here. */
  private double corner(double count, int top) {
    double value = peakValue / divFactor;
    if (count >= top && top != transitionSteps) {
      value *= divFactor;
    }
    return count >= transitionSteps ? value * (1 / (divFactor * finalDivFactor)) : value;
  }
}
