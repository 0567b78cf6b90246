package dev.glissade.schedule;

import static dev.glissade.schedule.PiecewiseInterpolateSchedule.InterpolateType.LINEAR;

import dev.glissade.Schedule;
import dev.glissade.tree.Check;

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
 */
public record LinearOnecycleSchedule(
    int transitionSteps,
    double peakValue,
    double pctStart,
    double pctFinal,
    double divFactor,
    double finalDivFactor)
    implements Schedule {
  public LinearOnecycleSchedule {
    Check.positive("transitionSteps", transitionSteps);
    Check.finite("peakValue", peakValue);
    Check.finite("pctStart", pctStart);
    Check.finite("pctFinal", pctFinal);
    Check.positive("divFactor", divFactor);
    Check.positive("finalDivFactor", finalDivFactor);
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
