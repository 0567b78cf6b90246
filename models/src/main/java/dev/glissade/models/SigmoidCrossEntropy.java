package dev.glissade.models;

/**
 * The cross-entropy of yes-or-no outputs, known as the logistic loss: {@code -t log s(z) - (1 - t)
 * log(1 - s(z))} for a logit z with s(z) = 1 / (1 + exp(-z)) and a target t from 0 to 1; computed
 * as max(z, 0) - t z + log(1 + exp(-|z|)), which does not overflow. The mean over the outputs of an
 * example. Its gradient is s(z) - t.
 *
 * <p>Takes {@link Targets.Values}, or classes 0 and 1 for a model of one output.
 */
public record SigmoidCrossEntropy() implements ElementLoss {
  @Override
  public double value(double output, double target) {
    return Math.max(output, 0) - target * output + Math.log1p(Math.exp(-Math.abs(output)));
  }

  @Override
  public double derivative(double output, double target) {
    double small = Math.exp(-Math.abs(output));
    return (output >= 0 ? 1 / (1 + small) : small / (1 + small)) - target;
  }
}
