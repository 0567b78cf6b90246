package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * RMSProp (Hinton 2012): {@code nu <- decay nu + (1-decay) g^2}, updates {@code g / sqrt(nu +
 * eps)}, or with eps outside of the root {@code g / (sqrt(nu) + eps)}; nu debiased if asked for.
 * Gradients are {@linkplain Tree#squarable made squarable}.
 *
 * @param decay decay of the second moment
 * @param eps keeps the divisor from 0
 * @param initialScale what nu starts at
 * @param epsInSqrt whether eps is added under the root
 * @param biasCorrection whether the second moment is debiased
 */
@Withers
public record ScaleByRms(
    double decay, double eps, double initialScale, boolean epsInSqrt, boolean biasCorrection)
    implements GradientTransformation<ScaleByRms.ScaleByRmsState>, ScaleByRmsWithers {

  public record ScaleByRmsState(Scalar count, Tree nu) {}

  public ScaleByRms {
    Check.decay("decay", decay);
    Check.notNegative("eps", eps);
    Check.notNegative("initialScale", initialScale);
  }

  /** Returns RMSProp with decay = 0.9, eps = 1e-8 in the root, nu from 0, no bias correction. */
  public static ScaleByRms defaults() {
    return new ScaleByRms(0.9, 1e-8, 0, true, false);
  }

  @Override
  public ScaleByRmsState initialState(Tree params) {
    return new ScaleByRmsState(Scalar.of(0), params.fill(initialScale));
  }

  @Override
  public Step<ScaleByRmsState> step(
      Tree updates, ScaleByRmsState state, Tree params, Extras extras) {
    Scalar t = state.count().plus(1);
    Tree g = updates.squarable();
    Tree nu = Moments.update(state.nu(), decay, g.square());
    Tree nuHat = biasCorrection ? Moments.debiased(nu, decay, t) : nu;
    Tree root = epsInSqrt ? nuHat.plus(eps).sqrt() : nuHat.sqrt().plus(eps);
    return Step.of(g.dividedBy(root), new ScaleByRmsState(t, nu));
  }
}
