package dev.glissade.models;

import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * The focal loss of yes-or-no outputs (Lin et al., "Focal Loss for Dense Object Detection", 2017):
 * the {@linkplain SigmoidCrossEntropy cross-entropy} times (1 - p_t)^gamma, so that examples that
 * the model already knows count little. Here p_t = t p + (1 - t)(1 - p) for p = 1 / (1 + exp(-z)).
 * With alpha, also times alpha t + (1 - alpha)(1 - t). The mean over the outputs of an example.
 *
 * <p>Takes {@link Targets.Values} from 0 to 1, or classes 0 and 1 for a model of one output.
 *
 * @param alpha the share of the positive class, from 0 to 1; null for no such factor
 * @param gamma the exponent, at least 0
 */
@Withers
public record SigmoidFocalLoss(@Nullable Double alpha, double gamma)
    implements ElementLoss, SigmoidFocalLossWithers {
  private static final SigmoidCrossEntropy CROSS_ENTROPY = new SigmoidCrossEntropy();

  /**
   * Checks the arguments.
   *
   * @throws IllegalArgumentException if gamma is negative or not finite, or alpha is not from 0 to
   *     1
   */
  public SigmoidFocalLoss {
    Check.notNegative("gamma", gamma);
    if (alpha != null) {
      Check.that(alpha >= 0 && alpha <= 1, "alpha must be from 0 to 1", alpha);
    }
  }

  @Override
  public double value(double output, double target) {
    double miss = miss(output, target);
    return share(target) * CROSS_ENTROPY.value(output, target) * Math.pow(miss, gamma);
  }

  @Override
  public double derivative(double output, double target) {
    double miss = miss(output, target);
    double focus = Math.pow(miss, gamma);
    // d(1 - p_t)/dz = p (1 - p) (1 - 2t); its ratio to 1 - p_t stays in range where both are tiny
    double p = probability(output);
    double q = probability(-output);
    double slope = miss == 0 ? 0 : gamma * p * (q / miss) * (1 - 2 * target);
    double loss = CROSS_ENTROPY.value(output, target);
    return share(target) * focus * (CROSS_ENTROPY.derivative(output, target) + loss * slope);
  }

  /** Returns 1 - p_t without cancellation. */
  private static double miss(double output, double target) {
    return (1 - target) * probability(output) + target * probability(-output);
  }

  private static double probability(double logit) {
    return CROSS_ENTROPY.derivative(logit, 0);
  }

  private double share(double target) {
    return alpha == null ? 1 : alpha * target + (1 - alpha) * (1 - target);
  }
}
