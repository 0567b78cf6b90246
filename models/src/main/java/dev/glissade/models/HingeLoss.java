package dev.glissade.models;

/**
 * The hinge loss of support vector machines, max(0, 1 - t y) for an output y and a target t of -1
 * or 1. The mean over the outputs of an example. Its gradient is -t where t y is less than 1, else
 * 0.
 *
 * <p>Takes {@link Targets.Values}, or classes 0 and 1, which stand for -1 and 1, for a model of one
 * output.
 */
public record HingeLoss() implements ElementLoss {
  @Override
  public double value(double output, double target) {
    return Math.max(0, 1 - target * output);
  }

  @Override
  public double derivative(double output, double target) {
    if (Double.isNaN(output)) {
      return output;
    }
    return 1 - target * output <= 0 ? 0 : -target;
  }

  @Override
  public double ofClass(int label) {
    return 2 * label - 1;
  }
}
