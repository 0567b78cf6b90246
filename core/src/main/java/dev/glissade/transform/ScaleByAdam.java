package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Adam (Kingma and Ba 2014): {@code mu <- b1 mu + (1-b1) g}, {@code nu <- b2 nu + (1-b2) g^2},
 * updates {@code muHat / (sqrt(nuHat + epsRoot) + eps)} with muHat, nuHat the debiased moments;
 * with Nesterov (Dozat 2016) {@code muHat = b1 mu/(1-b1^(t+1)) + (1-b1) g/(1-b1^t)}. Gradients are
 * {@linkplain Tree#squarable made squarable}.
 *
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param eps added to the root of the second moment
 * @param epsRoot added under the root
 * @param nesterov whether to use Nesterov momentum
 */
@Withers
public record ScaleByAdam(double b1, double b2, double eps, double epsRoot, boolean nesterov)
    implements GradientTransformation<ScaleByAdam.ScaleByAdamState>, ScaleByAdamWithers {

  public record ScaleByAdamState(Scalar count, Tree mu, Tree nu) {}

  public ScaleByAdam {
    Check.decay("b1", b1);
    Check.decay("b2", b2);
    Check.notNegative("eps", eps);
    Check.notNegative("epsRoot", epsRoot);
  }

  /** Returns Adam with b1 = 0.9, b2 = 0.999, eps = 1e-8, epsRoot = 0, no Nesterov. */
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
    Tree muHat = nesterov ? ahead(mu, g, t) : Moments.debiased(mu, b1, t);
    return muHat.dividedBy(root.plus(eps));
  }

  /**
   * The same with c = sqrt(1 - b2^t), c muHat / (sqrt(nu) + c eps): one product less an element.
   */
  private Tree scaled(Tree mu, Tree nu, Tree g, Scalar t) {
    Scalar c = t.powerOf(b2).negate().plus(1).sqrt();
    Tree muHat =
        nesterov ? ahead(mu, g, t).times(c) : mu.times(c.dividedBy(t.powerOf(b1).negate().plus(1)));
    return muHat.dividedBy(nu.sqrt().plus(c.times(eps)));
  }

  private Tree ahead(Tree mu, Tree g, Scalar t) {
    return Moments.update(Moments.debiased(mu, b1, t.plus(1)), b1, Moments.debiased(g, b1, t));
  }
}
