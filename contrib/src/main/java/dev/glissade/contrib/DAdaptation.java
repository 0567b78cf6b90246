package dev.glissade.contrib;

import dev.glissade.Scalar;
import dev.glissade.Schedule;

/** Arithmetic that D-Adaptation and Prodigy share. */
final class DAdaptation {
  private DAdaptation() {}

  /** Returns d lr(t-1) sqrt(1 - b2^t) / (1 - b1^t), with t - 1 the count of steps taken. */
  static Scalar rate(Scalar d, Schedule learningRate, Betas betas, Scalar count) {
    Scalar t = count.plus(1);
    Scalar first = t.powerOf(betas.beta1()).negate().plus(1);
    Scalar second = t.powerOf(betas.beta2()).negate().plus(1);
    return d.times(learningRate.at(count)).times(second.sqrt().dividedBy(first));
  }

  /** Returns the larger of the two; d if the new estimate is not finite, as 0/0 is not. */
  static Scalar raised(Scalar d, Scalar estimate) {
    return estimate.isFinite().choose(d.max(estimate), d);
  }

  static Scalar finiteOr(Scalar value, Scalar otherwise) {
    return value.isFinite().choose(value, otherwise);
  }
}
