package dev.glissade.models;

import dev.glissade.records.Check;

/**
 * The Huber loss (Huber, "Robust Estimation of a Location Parameter", 1964): e^2 / 2 for an error e
 * = y - t of at most delta, and delta (|e| - delta / 2) beyond, so that outliers pull with a
 * bounded force. The mean over the outputs of an example. Its gradient is e, clipped to [-delta,
 * delta].
 *
 * @param delta the error from which on the loss is linear; positive
 */
public record HuberLoss(double delta) implements ElementLoss {
  /**
   * Checks delta.
   *
   * @throws IllegalArgumentException if it is not positive and finite
   */
  public HuberLoss {
    Check.positive("delta", delta);
  }

  @Override
  public double value(double output, double target) {
    double error = Math.abs(output - target);
    return error <= delta ? error * error / 2 : delta * (error - delta / 2);
  }

  @Override
  public double derivative(double output, double target) {
    return Math.max(-delta, Math.min(delta, output - target));
  }
}
