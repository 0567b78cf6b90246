package dev.glissade.models;

/**
 * The loss of the perceptron (Rosenblatt 1958), max(0, -t y) for an output y and a target t of -1
 * or 1. The mean over the outputs of an example. Its gradient is -t where t y is negative, half of
 * that where y is 0 (so that weights of 0 learn), else 0.
 *
 * <p>Takes {@link Targets.Values}, or classes 0 and 1, which stand for -1 and 1, for a model of one
 * output.
 */
public record PerceptronLoss() implements ElementLoss {
  @Override
  public double value(double output, double target) {
    return Math.max(0, -target * output);
  }

  @Override
  public double derivative(double output, double target) {
    double miss = -target * output;
    if (Double.isNaN(miss)) {
      return miss;
    }
    return miss < 0 ? 0 : (miss == 0 ? -target / 2 : -target);
  }

  @Override
  public double ofClass(int label) {
    return 2 * label - 1;
  }
}
