package dev.glissade.models;

import org.jspecify.annotations.Nullable;

/**
 * The divergence of Kullback and Leibler (1951) of predicted distributions, given by the logarithms
 * of their probabilities: sum_j t_j (log t_j - y_j) for outputs y, with 0 log 0 = 0. Its gradient
 * is -t.
 *
 * <p>Takes {@link Targets.Values} with a probability for each class.
 */
public record KlDivergence() implements Loss {
  @Override
  public double example(
      double[] outputs, Targets targets, int example, double @Nullable [] gradient) {
    double loss = 0;
    for (int j = 0; j < outputs.length; j++) {
      double t = TargetChecks.value(targets, example, j);
      loss += t == 0 && !Double.isNaN(outputs[j]) ? 0 : t * (Math.log(t) - outputs[j]);
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
