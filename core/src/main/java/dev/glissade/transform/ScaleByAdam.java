package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Scales gradients as Adam does, without the learning rate (Kingma and Ba, "Adam: A Method for
 * Stochastic Optimization", 2014, arXiv 1412.6980):
 *
 * <pre>{@code
 * mu <- b1 mu + (1 - b1) g            nu <- b2 nu + (1 - b2) g^2
 * muHat = mu / (1 - b1^t)             nuHat = nu / (1 - b2^t)
 * u = muHat / (sqrt(nuHat + epsRoot) + eps)
 * with Nesterov: muHat = b1 mu / (1 - b1^(t+1)) + (1 - b1) g / (1 - b1^t)
 * }</pre>
 *
 * <p>with t the number of this step from 1. Nesterov momentum follows Dozat, "Incorporating
 * Nesterov Momentum into Adam", 2016. Updates point uphill, as gradients do, so chain a {@link
 * ScaleByLearningRate} after it, or use {@code Optimizers.adam}.
 *
 * <p>Differs from Optax in two ways. Gradients are {@linkplain Tree#squarable made squarable}, so
 * that a huge one does not overflow. Moments of 16-bit parameters are float32, where eps does not
 * round to 0; there is no {@code mu_dtype}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param eps added to the root of the second moment, not negative
 * @param epsRoot added under the root, not negative
 * @param nesterov whether to use Nesterov momentum
 */
@Withers
public record ScaleByAdam(double b1, double b2, double eps, double epsRoot, boolean nesterov)
    implements GradientTransformation<ScaleByAdam.ScaleByAdamState>, ScaleByAdamWithers {

  /**
   * The state of {@link ScaleByAdam}; both moments start at 0.
   *
   * @param count the number of steps taken
   * @param mu the first moment, not debiased
   * @param nu the second moment, not debiased
   */
  public record ScaleByAdamState(Scalar count, Tree mu, Tree nu) {}

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
  public ScaleByAdam {
    Check.decay("b1", b1);
    Check.decay("b2", b2);
    Check.notNegative("eps", eps);
    Check.notNegative("epsRoot", epsRoot);
  }

  /**
   * Returns Adam's scaling with b1 = 0.9, b2 = 0.999, eps = 1e-8, epsRoot = 0, without Nesterov
   * momentum.
   *
   * @return the transformation
   */
  public static ScaleByAdam defaults() {
    return new ScaleByAdam(0.9, 0.999, 1e-8, 0, false);
  }

  @Override
  public ScaleByAdamState initialState(Tree params) {
    return new ScaleByAdamState(Scalar.of(0), params.zeros(), params.zeros());
  }

  @Override
  public Step<ScaleByAdamState> step(
      Tree gradients, ScaleByAdamState state, Tree params, Extras extras) {
    Scalar t = state.count().plus(1);
    Tree g = gradients.squarable();
    Tree mu = Moments.update(state.mu(), b1, g);
    Tree nu = Moments.update(state.nu(), b2, g.square());
    // muHat / (sqrt(nuHat + epsRoot) + eps)
    Tree updates = epsRoot == 0 ? scaled(mu, nu, g, t) : divided(mu, nu, g, t);
    return Step.of(updates, new ScaleByAdamState(t, mu, nu));
  }

  private Tree divided(Tree mu, Tree nu, Tree g, Scalar t) {
    Tree root = Moments.debiased(nu, b2, t).plus(epsRoot).sqrt();
    Tree muHat = nesterov ? nesterovMean(mu, g, t) : Moments.debiased(mu, b1, t);
    return muHat.dividedBy(root.plus(eps));
  }

  /**
   * Returns the same for epsRoot = 0 as c muHat / (sqrt(nu) + c eps) with c = sqrt(1 - b2^t), which
   * saves one product per element.
   */
  private Tree scaled(Tree mu, Tree nu, Tree g, Scalar t) {
    Scalar c = t.powerOf(b2).negate().plus(1).sqrt();
    Tree muHat =
        nesterov
            ? nesterovMean(mu, g, t).times(c)
            : mu.times(c.dividedBy(t.powerOf(b1).negate().plus(1)));
    return muHat.dividedBy(nu.sqrt().plus(c.times(eps)));
  }

  private Tree nesterovMean(Tree mu, Tree g, Scalar t) {
    return Moments.update(Moments.debiased(mu, b1, t.plus(1)), b1, Moments.debiased(g, b1, t));
  }
}
