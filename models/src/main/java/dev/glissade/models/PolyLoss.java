package dev.glissade.models;

import dev.glissade.records.Check;
import org.jspecify.annotations.Nullable;

/**
 * The cross-entropy with a further term of its series in 1 - p (Leng et al., "PolyLoss", 2022):
 * {@link SoftmaxCrossEntropy} + epsilon sum_j t_j (1 - p_j).
 *
 * <p>Takes {@link Targets.Labels}, or {@link Targets.Values} with a probability for each class.
 *
 * @param epsilon the factor of the further term
 */
public record PolyLoss(double epsilon) implements Loss {
  private static final SoftmaxCrossEntropy CROSS_ENTROPY = new SoftmaxCrossEntropy();

  /**
   * Checks epsilon.
   *
   * @throws IllegalArgumentException if it is not finite
   */
  public PolyLoss {
    Check.finite("epsilon", epsilon);
  }

  @Override
  public double example(
      double[] outputs, Targets targets, int example, double @Nullable [] gradient) {
    double loss = CROSS_ENTROPY.example(outputs, targets, example, gradient);
    double[] p = Softmax.of(outputs);
    double mass = 0;
    double hit = 0;
    for (int j = 0; j < p.length; j++) {
      double target = TargetChecks.probability(targets, example, j);
      mass += target;
      hit += target * p[j];
    }
    for (int j = 0; gradient != null && j < p.length; j++) {
      // d/dz_j of -sum_i t_i p_i
      gradient[j] += epsilon * p[j] * (hit - TargetChecks.probability(targets, example, j));
    }
    return loss + epsilon * (mass - hit);
  }

  @Override
  public void check(Targets targets, int outputs) {
    TargetChecks.requireProbabilities(targets, outputs);
  }
}
