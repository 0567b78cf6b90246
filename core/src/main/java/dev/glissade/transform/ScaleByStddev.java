package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Centered RMSProp (Graves 2013): as {@link ScaleByRms}, with the variance {@code nu - mu^2} in
 * place of nu, where {@code mu <- decay mu + (1-decay) g}. A variance that rounding makes negative
 * is 0: where the gradient does not vary, updates are {@code g / sqrt(eps)}. Gradients are
 * {@linkplain Tree#squarable made squarable}.
 *
 * @param decay decay of both moments
 * @param eps keeps the divisor from 0
 * @param initialScale what nu starts at
 * @param epsInSqrt whether eps is added under the root
 * @param biasCorrection whether the moments are debiased
 */
@Withers
public record ScaleByStddev(
    double decay, double eps, double initialScale, boolean epsInSqrt, boolean biasCorrection)
    implements GradientTransformation<ScaleByStddev.ScaleByStddevState>, ScaleByStddevWithers {

  public record ScaleByStddevState(Scalar count, Tree mu, Tree nu) {}

  public ScaleByStddev {
    Check.decay("decay", decay);
    Check.notNegative("eps", eps);
    Check.notNegative("initialScale", initialScale);
  }

  /** Returns it with decay = 0.9, eps = 1e-8 in the root, nu from 0, no bias correction. */
  public static ScaleByStddev defaults() {
    return new ScaleByStddev(0.9, 1e-8, 0, true, false);
  }

  @Override
  public ScaleByStddevState initialState(Tree params) {
    return new ScaleByStddevState(Scalar.of(0), params.zeros(), params.fill(initialScale));
  }

  @Override
  public Step<ScaleByStddevState> step(
      Tree updates, ScaleByStddevState state, Tree params, Extras extras) {
    Scalar t = state.count().plus(1);
    Tree g = updates.squarable();
    Tree mu = Moments.update(state.mu(), decay, g);
    Tree nu = Moments.update(state.nu(), decay, g.square());
    Tree muHat = biasCorrection ? Moments.debiased(mu, decay, t) : mu;
    Tree nuHat = biasCorrection ? Moments.debiased(nu, decay, t) : nu;
    // as large as what it is a difference of, but for rounding, where g does not vary
    Tree variance = nuHat.minus(muHat.square()).max(0);
    Tree root = epsInSqrt ? variance.plus(eps).sqrt() : variance.sqrt().plus(eps);
    return Step.of(g.dividedBy(root), new ScaleByStddevState(t, mu, nu));
  }
}
