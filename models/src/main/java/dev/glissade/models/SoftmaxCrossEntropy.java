package dev.glissade.models;

import org.jspecify.annotations.Nullable;

/**
 * The cross-entropy of one class out of several: {@code -sum_j t_j log p_j} with p = softmax(z) for
 * logits z, computed as {@code sum_j t_j (log sum_i exp(z_i - max z) - (z_j - max z))}, which does
 * not overflow. Its gradient is p sum_j t_j - t.
 *
 * <p>Takes {@link Targets.Labels}, where t is 1 for the class and 0 for the others, or {@link
 * Targets.Values} with a probability for each class, which need not add up to 1.
 */
public record SoftmaxCrossEntropy() implements Loss {
  @Override
  public double example(
      double[] outputs, Targets targets, int example, double @Nullable [] gradient) {
    double max = Double.NEGATIVE_INFINITY;
    for (double logit : outputs) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (double logit : outputs) {
      sum += Math.exp(logit - max);
    }
    double logSum = Math.log(sum);
    double loss = 0;
    double mass = 0;
    for (int j = 0; j < outputs.length; j++) {
      double target = TargetChecks.probability(targets, example, j);
      mass += target;
      // A class without probability adds nothing, whatever its logit.
      loss += target == 0 ? 0 : target * (logSum - (outputs[j] - max));
    }
    if (gradient != null) {
      for (int j = 0; j < outputs.length; j++) {
        double probability = Math.exp(outputs[j] - max - logSum);
        gradient[j] = mass * probability - TargetChecks.probability(targets, example, j);
      }
    }
    return Double.isNaN(logSum) ? logSum : loss;
  }

  @Override
  public void check(Targets targets, int outputs) {
    TargetChecks.requireProbabilities(targets, outputs);
  }
}
