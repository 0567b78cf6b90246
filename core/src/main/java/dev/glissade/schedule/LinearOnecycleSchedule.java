package dev.glissade.schedule;

import static dev.glissade.schedule.PiecewiseInterpolateSchedule.InterpolateType.LINEAR;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Rises, falls back and fades out along three lines (Smith and Topin, "Super-Convergence: Very Fast
 * Training of Neural Networks Using Large Learning Rates", 2017, arXiv 1708.07120), through the
 * points
 *
 * <pre>{@code
 * count 0                          peakValue / divFactor
 * count pctStart transitionSteps   peakValue
 * count pctFinal transitionSteps   peakValue / divFactor
 * count transitionSteps            peakValue / divFactor / finalDivFactor
 * }</pre>
 *
 * <p>Counts are rounded down. Where two points fall on one count, the later one determines the
 * value. After the last point the value stays.
 *
 * <p>Values are those of Optax. Arguments are checked when the schedule is made.
 *
 * @param transitionSteps the number of steps of the cycle, positive
 * @param peakValue the largest value
 * @param pctStart the fraction of the cycle after which the value reaches the peak
 * @param pctFinal the fraction of the cycle after which the value is back at the first value
 * @param divFactor peakValue divided by the first value, positive
 * @param finalDivFactor the first value divided by the last one, positive
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
  /**
   * Checks the arguments.
   *
   * @param transitionSteps positive
   * @param peakValue finite
   * @param pctStart finite
   * @param pctFinal finite
   * @param divFactor positive and finite
   * @param finalDivFactor positive and finite
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public LinearOnecycleSchedule {
    Check.positive("transitionSteps", transitionSteps);
    Check.finite("peakValue", peakValue);
    Check.finite("pctStart", pctStart);
    Check.finite("pctFinal", pctFinal);
    Check.positive("divFactor", divFactor);
    Check.positive("finalDivFactor", finalDivFactor);
  }

  /**
   * Returns a cycle with pctStart = 0.3, pctFinal = 0.85, divFactor = 25 and finalDivFactor = 1e4.
   *
   * @param transitionSteps the number of steps of the cycle, positive
   * @param peakValue the largest value
   * @return the schedule
   * @throws IllegalArgumentException if transitionSteps is not positive or peakValue is not finite
   */
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
      return 0; // as in Optax, where no interval contains a count before 0
    }
    double start = corner(before, top, back);
    if (after == Double.POSITIVE_INFINITY) {
      return start;
    }
    return LINEAR.between(
        start, corner(after, top, back), Single.fraction(count - before, after - before));
  }

  /** Returns the value at one of the points: the first value times all factors up to this count. */
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
