package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.withers.Withers;

/**
 * Scales gradients as AdaBelief does: divides by how far gradients are from their mean (Zhuang et
 * al., "AdaBelief Optimizer: Adapting Stepsizes by the Belief in Observed Gradients", 2020, arXiv
 * 2010.07468):
 *
 * <pre>{@code
 * mu <- b1 mu + (1 - b1) g            nu <- b2 nu + (1 - b2) (g - mu)^2 + epsRoot
 * u = mu / (1 - b1^t) / (sqrt(nu / (1 - b2^t)) + eps)
 * with Nesterov: b1 mu / (1 - b1^(t+1)) + (1 - b1) g / (1 - b1^t) in place of mu / (1 - b1^t)
 * }</pre>
 *
 * <p>with t the number of this step from 1. epsRoot is added at each step and stays in nu. As in
 * Optax eps and epsRoot are 1e-16, while the paper's authors recommend 1e-8 for images, and 1e-16
 * for text: where gradients hardly vary a smaller one gives much larger steps. Updates point
 * uphill, as gradients do, so chain a {@link ScaleByLearningRate} after it, or use {@code
 * Optimizers.adabelief}.
 *
 * <p>Differs from Optax in two ways. Gradients are {@linkplain Tree#squarable made squarable}, so
 * that a huge one does not overflow. Moments of 16-bit parameters are float32; Optax's are 16-bit,
 * where both eps round to 0 and a zero gradient gives NaN.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param eps added to the root of the second moment, not negative
 * @param epsRoot added to the second moment at each step, not negative
 * @param nesterov whether to use Nesterov momentum
 */
@Withers
public record ScaleByBelief(double b1, double b2, double eps, double epsRoot, boolean nesterov)
    implements GradientTransformation<ScaleByBelief.ScaleByBeliefState>, ScaleByBeliefWithers {

  /**
   * The state of {@link ScaleByBelief}; both moments start at 0.
   *
   * @param count the number of steps taken
   * @param mu the mean of gradients, not debiased
   * @param nu the mean of squared differences from it, not debiased
   */
  public record ScaleByBeliefState(Scalar count, Tree mu, Tree nu) {}

  /**
   * Checks the arguments.
   *
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps finite and not negative
   * @param epsRoot finite and not negative
   * @param nesterov true or false
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByBelief {
    new MomentRatio(b1, b2, eps, epsRoot, nesterov);
  }

  /**
   * Returns AdaBelief's scaling with b1 = 0.9, b2 = 0.999, eps = epsRoot = 1e-16, without Nesterov
   * momentum.
   *
   * @return the transformation
   */
  public static ScaleByBelief defaults() {
    return new ScaleByBelief(0.9, 0.999, 1e-16, 1e-16, false);
  }

  @Override
  public ScaleByBeliefState initialState(Tree params) {
    return new ScaleByBeliefState(Scalar.of(0), params.zeros(), params.zeros());
  }

  @Override
  public Step<ScaleByBeliefState> step(
      Tree updates, ScaleByBeliefState state, Tree params, Extras extras) {
    Scalar t = state.count().plus(1);
    Tree g = updates.squarable();
    Tree mu = Moments.update(state.mu(), b1, g);
    // nu <- b2 nu + (1 - b2) (g - mu)^2 + epsRoot; g - mu is b1 (g - the mu before)
    Tree difference = g.minus(state.mu()).times(b1);
    Tree nu = Moments.update(state.nu(), b2, difference.square()).plus(epsRoot);
    // muHat / (sqrt(nu / (1 - b2^t)) + eps)
    Tree scaled = new MomentRatio(b1, b2, eps, 0, nesterov).of(mu, nu, g, t);
    return Step.of(scaled, new ScaleByBeliefState(t, mu, nu));
  }
}
