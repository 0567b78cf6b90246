package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.tree.Check;

/**
 * From {@code initValue} to {@code endValue} along a power of the steps that are left:
 *
 * <pre>{@code
 * elapsed = clip(count - max(transitionBegin, 0), 0, transitionSteps)
 * value   = (initValue - endValue) (1 - elapsed / transitionSteps)^power + endValue
 * }</pre>
 *
 * <p>Constantly {@code initValue} if {@code transitionSteps <= 0}.
 */
public record PolynomialSchedule(
    double initValue, double endValue, double power, int transitionSteps, int transitionBegin)
    implements Schedule {
  public PolynomialSchedule {
    Check.finite("initValue", initValue);
    Check.finite("endValue", endValue);
    Check.finite("power", power);
  }

  @Override
  public double at(double count) {
    if (transitionSteps <= 0) {
      return initValue;
    }
    float left = left(count, transitionSteps, transitionBegin);
    // (I - E) left^P + E
    return Math.fma((float) (initValue - endValue), Single.pow(left, power), (float) endValue);
  }

  /** The part of the transition that is still to come, from 1 to 0. */
  static float left(double count, int transitionSteps, int transitionBegin) {
    double elapsed = Math.min(Math.max(count - Math.max(transitionBegin, 0), 0), transitionSteps);
    return Math.fma((float) -elapsed, 1 / (float) transitionSteps, 1);
  }
}
