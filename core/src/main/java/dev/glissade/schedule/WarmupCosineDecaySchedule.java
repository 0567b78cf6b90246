package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Rises along a line from {@code initValue} to {@code peakValue} in {@code warmupSteps} steps, then
 * decays along half a cosine wave to {@code endValue}, which it reaches at count {@code
 * decaySteps}:
 *
 * <pre>{@code
 * wave  = (1 + cos(pi (count - warmupSteps) / (decaySteps - warmupSteps))) / 2
 * value = (peakValue - endValue) wave^exponent + endValue, from warmupSteps on
 * }</pre>
 *
 * <p>Note that {@code decaySteps} includes the warm-up. If {@code peakValue} is 0 the value stays 0
 * after the warm-up, whatever endValue is, as in Optax.
 *
 * <p>Values are those of Optax. Arguments are checked when the schedule is made.
 *
 * @param initValue the value at count 0
 * @param peakValue the value after the warm-up
 * @param warmupSteps the number of steps of the warm-up
 * @param decaySteps the number of steps of warm-up and decay together, greater than warmupSteps
 * @param endValue the value after the decay
 * @param exponent the power of the wave; above 1 the value falls earlier
 */
@Withers
public record WarmupCosineDecaySchedule(
    double initValue,
    double peakValue,
    int warmupSteps,
    int decaySteps,
    double endValue,
    double exponent)
    implements Schedule, WarmupCosineDecayScheduleWithers {
  /**
   * Checks the arguments.
   *
   * @param initValue finite
   * @param peakValue finite
   * @param warmupSteps less than decaySteps
   * @param decaySteps greater than warmupSteps
   * @param endValue finite
   * @param exponent finite
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public WarmupCosineDecaySchedule {
    Check.finite("initValue", initValue);
    Check.finite("peakValue", peakValue);
    Check.that(
        decaySteps > warmupSteps,
        "decaySteps must be greater than warmupSteps " + warmupSteps,
        decaySteps);
    Check.finite("endValue", endValue);
    Check.finite("exponent", exponent);
  }

  /**
   * Returns a schedule that decays to 0, with endValue = 0 and exponent = 1.
   *
   * @param initValue the value at count 0
   * @param peakValue the value after the warm-up
   * @param warmupSteps the number of steps of the warm-up
   * @param decaySteps the number of steps of warm-up and decay together, greater than warmupSteps
   * @return the schedule
   * @throws IllegalArgumentException if a value is not finite or decaySteps is too small
   */
  public static WarmupCosineDecaySchedule of(
      double initValue, double peakValue, int warmupSteps, int decaySteps) {
    return new WarmupCosineDecaySchedule(initValue, peakValue, warmupSteps, decaySteps, 0, 1);
  }

  @Override
  public double at(double count) {
    if (count < warmupSteps) {
      return LinearSchedule.value(initValue, peakValue, warmupSteps, 0, count);
    }
    double steps = (double) decaySteps - warmupSteps;
    double alpha = peakValue == 0 ? 0 : endValue / peakValue;
    double value =
        CosineDecaySchedule.value(peakValue, steps, alpha, exponent, count - warmupSteps);
    return warmupSteps > 0 ? (float) value : value; // joined to a line, which is float32
  }
}
