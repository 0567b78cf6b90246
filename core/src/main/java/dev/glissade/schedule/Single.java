package dev.glissade.schedule;

import dev.glissade.Schedule;
import java.util.List;

/**
 * Computes in float32, as compiled Optax schedules do whatever the type of the parameters, because
 * their count is a 32-bit integer. Schedules here return the same bits, so that recorded
 * trajectories agree; this costs 6e-8 of a learning rate.
 */
final class Single {
  private static final int LARGEST_SQUARED = 64;

  private Single() {}

  /** Returns whether Optax computes the values of this schedule in float32. */
  static boolean isSingle(Schedule schedule) {
    if (schedule instanceof JoinSchedules joined) {
      return anySingle(joined.schedules());
    }
    if (schedule instanceof SgdrSchedule cycles) {
      return anySingle(cycles.cosineKwargs());
    }
    return (schedule instanceof LinearSchedule line && line.transitionSteps() > 0)
        || (schedule instanceof PolynomialSchedule curve && curve.transitionSteps() > 0)
        || (schedule instanceof ExponentialDecay decay && decay.transitionSteps() > 0)
        || (schedule instanceof WarmupConstantSchedule constant && constant.warmupSteps() > 0)
        || (schedule instanceof WarmupCosineDecaySchedule wave && wave.warmupSteps() > 0)
        || schedule instanceof WarmupExponentialDecaySchedule;
  }

  /** Loops without a stream, because reading a schedule must not allocate. */
  private static boolean anySingle(List<? extends Schedule> schedules) {
    for (int i = 0; i < schedules.size(); i++) {
      if (isSingle(schedules.get(i))) {
        return true;
      }
    }
    return false;
  }

  /** Returns steps / all, computed as a product with the reciprocal. */
  static float fraction(double steps, double all) {
    return (float) steps * (1 / (float) all);
  }

  /** Returns a power: by squaring for small whole exponents, else by the power function. */
  static float pow(float base, double exponent) {
    if (exponent != Math.rint(exponent) || Math.abs(exponent) > LARGEST_SQUARED) {
      // rounding may have made the base negative, where Optax returns NaN
      return (float) Math.pow(Math.max(base, 0), (float) exponent);
    }
    float power = 1;
    float square = base;
    for (int left = (int) Math.abs(exponent); left > 0; left >>= 1) {
      power = (left & 1) == 1 ? power * square : power;
      square *= square;
    }
    return exponent < 0 ? 1 / power : power;
  }
}
