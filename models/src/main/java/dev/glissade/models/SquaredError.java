package dev.glissade.models;

import dev.glissade.records.Check;

/**
 * The squared error, scale (y - t)^2 for an output y and its target t; the mean over the outputs of
 * an example. Its gradient is 2 scale (y - t).
 *
 * @param scale the factor: 1, or 1/2 for a gradient of y - t
 */
public record SquaredError(double scale) implements ElementLoss {
  /**
   * Checks the factor.
   *
   * @throws IllegalArgumentException if it is not positive and finite
   */
  public SquaredError {
    Check.positive("scale", scale);
  }

  @Override
  public double value(double output, double target) {
    return scale * (output - target) * (output - target);
  }

  @Override
  public double derivative(double output, double target) {
    return 2 * scale * (output - target);
  }
}
