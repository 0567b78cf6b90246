package dev.glissade.models;

import org.jspecify.annotations.Nullable;

/**
 * The {@linkplain KlDivergence divergence of Kullback and Leibler} of measures that need not add up
 * to 1: {@code sum_j t_j (log t_j - y_j) + exp(y_j) - t_j} for outputs y, the logarithms of what is
 * predicted. Convex, and 0 only where exp(y) = t. Its gradient is exp(y) - t.
 *
 * <p>Takes {@link Targets.Values} that are not negative.
 */
public record GeneralizedKlDivergence() implements Loss {
  private static final KlDivergence DIVERGENCE = new KlDivergence();

  @Override
  public double example(
      double[] outputs, Targets targets, int example, double @Nullable [] gradient) {
    double loss = DIVERGENCE.example(outputs, targets, example, gradient);
    for (int j = 0; j < outputs.length; j++) {
      double predicted = Math.exp(outputs[j]);
      loss += predicted - TargetChecks.value(targets, example, j);
      if (gradient != null) {
        gradient[j] += predicted;
      }
    }
    return loss;
  }

  @Override
  public void check(Targets targets, int outputs) {
    TargetChecks.requireValues(targets, outputs);
  }
}
