package dev.glissade.models;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The Fenchel-Young loss of a convex function (Blondel, Martins and Niculae, "Learning with
 * Fenchel-Young Losses", 2020): {@code max(s) - <t, s>} for scores s and targets t. Here max is a
 * regularized maximum of {@code <s, q>} over a set of distributions q, and its gradient is the
 * distribution that reaches it, which the loss compares with t. With log sum exp it is the {@link
 * SoftmaxCrossEntropy}.
 *
 * <p>The loss is without the part that does not depend on the scores, so its least value need not
 * be 0. Takes {@link Targets.Labels}, or {@link Targets.Values} with a number for each score.
 *
 * @param maximum the convex function with its gradient
 */
public record FenchelYoungLoss(Maximum maximum) implements Loss {
  /** A regularized maximum of scores. */
  @FunctionalInterface
  public interface Maximum {
    /**
     * Returns the maximum and writes its gradient.
     *
     * @param scores the scores of an example
     * @param gradient receives the derivative by each score; null if it isn't needed
     * @return the maximum
     */
    double of(double[] scores, double @Nullable [] gradient);
  }

  /**
   * Checks that there is a function.
   *
   * @throws NullPointerException if it is null
   */
  public FenchelYoungLoss {
    Objects.requireNonNull(maximum, "maximum");
  }

  @Override
  public double example(
      double[] outputs, Targets targets, int example, double @Nullable [] gradient) {
    double loss = maximum.of(outputs, gradient);
    for (int j = 0; j < outputs.length; j++) {
      double target = TargetChecks.probability(targets, example, j);
      loss -= target == 0 ? 0 : target * outputs[j];
      if (gradient != null) {
        gradient[j] -= target;
      }
    }
    return loss;
  }

  @Override
  public void check(Targets targets, int outputs) {
    TargetChecks.requireProbabilities(targets, outputs);
  }
}
