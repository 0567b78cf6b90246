package dev.glissade.schedule;

import static dev.glissade.schedule.PiecewiseInterpolateSchedule.InterpolateType.COSINE;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Rises and falls once along two half cosine waves (Smith and Topin, "Super-Convergence: Very Fast
 * Training of Neural Networks Using Large Learning Rates", 2017, arXiv 1708.07120), through the
 * points
 *
 * <pre>{@code
 * count 0                          peakValue / divFactor
 * count pctStart transitionSteps   peakValue
 * count transitionSteps            peakValue / (divFactor finalDivFactor)
 * }</pre>
 *
 * <p>Counts are rounded down. Where two points fall on one count, the later one determines the
 * value. After the last point the value stays.
 *
 * <p>Values are those of Optax. Arguments are checked when the schedule is made.
 *
 * @param transitionSteps the number of steps of the cycle, positive
 * @param peakValue the largest value
 * @param pctStart the fraction of the cycle during which the value rises
 * @param divFactor peakValue divided by the first value, positive
 * @param finalDivFactor the first value divided by the last one, positive
 */
@Withers
public record CosineOnecycleSchedule(
    int transitionSteps, double peakValue, double pctStart, double divFactor, double finalDivFactor)
    implements Schedule, CosineOnecycleScheduleWithers {
  /**
   * Checks the arguments.
   *
   * @param transitionSteps positive
   * @param peakValue finite
   * @param pctStart finite
   * @param divFactor positive and finite
   * @param finalDivFactor positive and finite
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public CosineOnecycleSchedule {
    Check.positive("transitionSteps", transitionSteps);
    Check.finite("peakValue", peakValue);
    Check.finite("pctStart", pctStart);
    Check.positive("divFactor", divFactor);
    Check.positive("finalDivFactor", finalDivFactor);
  }

  /**
   * Returns a cycle with pctStart = 0.3, divFactor = 25 and finalDivFactor = 1e4.
   *
   * @param transitionSteps the number of steps of the cycle, positive
   * @param peakValue the largest value
   * @return the schedule
   * @throws IllegalArgumentException if transitionSteps is not positive or peakValue is not finite
   */
  public static CosineOnecycleSchedule of(int transitionSteps, double peakValue) {
    return new CosineOnecycleSchedule(transitionSteps, peakValue, 0.3, 25, 1e4);
  }

  @Override
  public double at(double count) {
    int top = (int) (pctStart * transitionSteps);
    double before = OneCycle.before(count, top, top, transitionSteps);
    double after = OneCycle.after(count, top, top, transitionSteps);
    if (count < before) {
      return 0; // as in Optax, where no interval contains a count before 0
    }
    double start = corner(before, top);
    if (after == Double.POSITIVE_INFINITY) {
      return start;
    }
    return COSINE.between(
        start, corner(after, top), Single.fraction(count - before, after - before));
  }

  /** Returns the value at one of the points: the first value times all factors up to this count. */
  private double corner(double count, int top) {
    double value = peakValue / divFactor;
    if (count >= top && top != transitionSteps) {
      value *= divFactor;
    }
    return count >= transitionSteps ? value * (1 / (divFactor * finalDivFactor)) : value;
  }
}
