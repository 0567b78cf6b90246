package dev.glissade.models;

/**
 * The sparsemax loss of yes-or-no outputs (Martins and Astudillo, "From Softmax to Sparsemax",
 * 2016; the form for two classes of Blondel et al. 2020). For m = -z if the target is yes, else z:
 * 0 where m is at most -1, m where it is at least 1, and (m + 1)^2 / 4 between. The mean over the
 * outputs of an example.
 *
 * <p>Takes {@link Targets.Values}, where any number but 0 is yes, or classes 0 and 1 for a model of
 * one output.
 */
public record SparsemaxLoss() implements ElementLoss {
  @Override
  public double value(double output, double target) {
    double miss = sign(target) * output;
    if (miss <= -1) {
      return 0;
    }
    return miss >= 1 ? miss : (miss + 1) * (miss + 1) / 4;
  }

  @Override
  public double derivative(double output, double target) {
    double miss = sign(target) * output;
    if (miss <= -1) {
      return 0;
    }
    return sign(target) * (miss >= 1 ? 1 : (miss + 1) / 2);
  }

  private static double sign(double target) {
    return target == 0 ? 1 : -1;
  }
}
