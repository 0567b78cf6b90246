package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * A line from {@code initValue} to {@code peakValue} in {@code warmupSteps} steps, then half a
 * cosine wave to {@code endValue}, reached {@code decaySteps} steps after the very start:
 *
 * <pre>{@code
 * wave  = (1 + cos(pi (count - warmupSteps) / (decaySteps - warmupSteps))) / 2
 * value = (peakValue - endValue) wave^exponent + endValue, from warmupSteps on
 * }</pre>
 *
 * <p>{@code decaySteps} must be greater than {@code warmupSteps}. After a warm-up to a {@code
 * peakValue} of 0 it stays 0.
 *
 * @param initValue the value at count 0
 * @param peakValue the value after the warm-up
 * @param warmupSteps the number of steps of the warm-up
 * @param decaySteps the number of steps of warm-up and decay together, greater than warmupSteps
 * @param endValue the value after the decay
 * @param exponent the power of the wave
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

  /** Returns a schedule with endValue = 0 and exponent = 1. */
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
    return warmupSteps > 0 ? (float) value : value; // joined with a line, which is float32
  }
}
