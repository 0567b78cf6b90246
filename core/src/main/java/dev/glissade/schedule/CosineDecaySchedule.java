package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Decays along half a cosine wave from {@code initValue} to {@code alpha * initValue}, which it
 * reaches after {@code decaySteps} steps and keeps (Loshchilov and Hutter, "SGDR: Stochastic
 * Gradient Descent with Warm Restarts", 2017, arXiv 1608.03983):
 *
 * <pre>{@code
 * wave  = (1 + cos(pi min(count, decaySteps) / decaySteps)) / 2
 * value = initValue ((1 - alpha) wave^exponent + alpha)
 * }</pre>
 *
 * <p>Values are those of Optax. Arguments are checked when the schedule is made.
 *
 * @param initValue the value at count 0
 * @param decaySteps the number of steps of the decay, positive
 * @param alpha the final value as a fraction of initValue
 * @param exponent the power of the wave; above 1 the value falls earlier
 */
@Withers
public record CosineDecaySchedule(double initValue, int decaySteps, double alpha, double exponent)
    implements Schedule, CosineDecayScheduleWithers {
  /**
   * Checks the arguments.
   *
   * @param initValue finite
   * @param decaySteps positive
   * @param alpha finite
   * @param exponent finite
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public CosineDecaySchedule {
    Check.finite("initValue", initValue);
    Check.positive("decaySteps", decaySteps);
    Check.finite("alpha", alpha);
    Check.finite("exponent", exponent);
  }

  /**
   * Returns a decay to 0, with alpha = 0 and exponent = 1.
   *
   * @param initValue the value at count 0
   * @param decaySteps the number of steps of the decay, positive
   * @return the schedule
   * @throws IllegalArgumentException if initValue is not finite or decaySteps is not positive
   */
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
