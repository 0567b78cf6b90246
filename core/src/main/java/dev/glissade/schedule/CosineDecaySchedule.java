package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.tree.Check;

/**
 * Half a cosine wave from {@code initValue} to {@code alpha initValue}, reached after {@code
 * decaySteps} steps (Loshchilov and Hutter, "SGDR", 2017):
 *
 * <pre>{@code
 * wave  = (1 + cos(pi min(count, decaySteps) / decaySteps)) / 2
 * value = initValue ((1 - alpha) wave^exponent + alpha)
 * }</pre>
 */
public record CosineDecaySchedule(double initValue, int decaySteps, double alpha, double exponent)
    implements Schedule {
  public CosineDecaySchedule {
    Check.finite("initValue", initValue);
    Check.positive("decaySteps", decaySteps);
    Check.finite("alpha", alpha);
    Check.finite("exponent", exponent);
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
