package dev.glissade.models;

import org.jspecify.annotations.Nullable;

/**
 * The {@linkplain KlDivergence divergence of Kullback and Leibler} with the logarithms of the
 * target probabilities: sum_j exp(t_j) (t_j - y_j). Its gradient is -exp(t).
 *
 * <p>Takes {@link Targets.Values} with the logarithm of a probability for each class, which may be
 * -infinity.
 */
public record LogTargetKlDivergence() implements Loss {
  @Override
  public double example(
      double[] outputs, Targets targets, int example, double @Nullable [] gradient) {
    double loss = 0;
    for (int j = 0; j < outputs.length; j++) {
      double log = TargetChecks.value(targets, example, j);
      double t = Math.exp(log);
      loss += t == 0 && !Double.isNaN(outputs[j]) ? 0 : t * (log - outputs[j]);
      if (gradient != null) {
        gradient[j] = Double.isNaN(outputs[j]) ? outputs[j] : -t;
      }
    }
    return loss;
  }

  @Override
  public void check(Targets targets, int outputs) {
    TargetChecks.requireValues(targets, outputs);
  }
}
