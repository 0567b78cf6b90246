package dev.glissade.models;

/**
 * The logarithm of the hyperbolic cosine of the error, log cosh e for e = y - t; computed as |e| +
 * log(1 + exp(-2 |e|)) - log 2, which does not overflow. About e^2 / 2 for small errors and |e| -
 * log 2 for large ones. The mean over the outputs of an example. Its gradient is tanh e.
 */
public record LogCosh() implements ElementLoss {
  private static final double LOG_2 = Math.log(2);

  @Override
  public double value(double output, double target) {
    double error = Math.abs(output - target);
    return error + Math.log1p(Math.exp(-2 * error)) - LOG_2;
  }

  @Override
  public double derivative(double output, double target) {
    return Math.tanh(output - target);
  }
}
