package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Half a cosine wave from {@code initValue} to {@code alpha initValue}, reached after {@code
 * decaySteps} steps (Loshchilov and Hutter, "SGDR", 2017):
 *
 * <pre>{@code
 * wave  = (1 + cos(pi min(count, decaySteps) / decaySteps)) / 2
 * value = initValue ((1 - alpha) wave^exponent + alpha)
 * }</pre>
 *
 * @param initValue the value at count 0
 * @param decaySteps the number of steps of the decay, positive
 * @param alpha the least value, as a fraction of initValue
 * @param exponent the power of the wave
 */
@Withers
public record CosineDecaySchedule(double initValue, int decaySteps, double alpha, double exponent)
    implements Schedule, CosineDecayScheduleWithers {
  public CosineDecaySchedule {
    Check.finite("initValue", initValue);
    Check.positive("decaySteps", decaySteps);
    Check.finite("alpha", alpha);
    Check.finite("exponent", exponent);
  }

  /** Returns a decay with alpha = 0 and exponent = 1. */
  public static CosineDecaySchedule of(double initValue, int decaySteps) {
    return new CosineDecaySchedule(initValue, decaySteps, 0, 1);
  }

  @Override
  public double at(double count) {
    return value(initValue, decaySteps, alpha, exponent, count);
  }

  static double value(
      double initValue, double decaySteps, double alpha, double exponent, double count) {
    double wave = 0.5 * (1 + Math.cos(Math.PI * Math.min(count, decaySteps) / decaySteps));
    // I ((1 - alpha) wave^p + alpha)
    return initValue * ((1 - alpha) * Math.pow(wave, exponent) + alpha);
  }
}
