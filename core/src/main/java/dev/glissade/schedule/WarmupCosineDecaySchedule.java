package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.tree.Check;

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
 */
public record WarmupCosineDecaySchedule(
    double initValue,
    double peakValue,
    int warmupSteps,
    int decaySteps,
    double endValue,
    double exponent)
    implements Schedule {
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
