package dev.glissade.transform;

import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * Scales gradients as AMSGrad does: as Adam, but divided by the largest second moment so far
 * (Reddi, Kale and Kumar, "On the Convergence of Adam and Beyond", 2018, arXiv 1904.09237):
 *
 * <pre>{@code
 * mu <- b1 mu + (1 - b1) g            nu <- b2 nu + (1 - b2) g^2
 * nuMax <- max(nuMax, nu / (1 - b2^t))
 * u = mu / (1 - b1^t) / (sqrt(nuMax + epsRoot) + eps)
 * }</pre>
 *
 * <p>with t the number of this step from 1. Without a bias correction its divisor, 1 - b^t, is left
 * out; the paper has neither of the two. One huge gradient makes the steps of its element small for
 * ever. Updates point uphill, as gradients do, so chain a {@link ScaleByLearningRate} after it, or
 * use {@code Optimizers.amsgrad}.
 *
 * <p>Differs from Optax in two ways. Gradients are {@linkplain Tree#squarable made squarable}, so
 * that a huge one does not overflow. Moments of 16-bit parameters are float32, where eps does not
 * round to 0.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param eps added to the root of the second moment, not negative
 * @param epsRoot added under the root, not negative
 * @param muDtype the type in which the first moment is stored, not complex; null for the type in
 *     which the parameters are computed
 * @param biasCorrectionMu whether to debias the first moment
 * @param biasCorrectionNu whether to debias the second moment
 */
@Withers
public record ScaleByAmsgrad(
    double b1,
    double b2,
    double eps,
    double epsRoot,
    @Nullable DType muDtype,
    boolean biasCorrectionMu,
    boolean biasCorrectionNu)
    implements GradientTransformation<ScaleByAmsgrad.ScaleByAmsgradState>, ScaleByAmsgradWithers {

  /**
   * The state of {@link ScaleByAmsgrad}; all trees start at 0.
   *
   * @param count the number of steps taken
   * @param mu the first moment, not debiased
   * @param nu the second moment, not debiased
   * @param nuMax the largest second moment so far, debiased if biasCorrectionNu
   */
  public record ScaleByAmsgradState(Scalar count, Tree mu, Tree nu, Tree nuMax) {}

  /**
   * Checks the arguments.
   *
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps finite and not negative
   * @param epsRoot finite and not negative
   * @param muDtype a real type, or null
   * @param biasCorrectionMu true or false
   * @param biasCorrectionNu true or false
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByAmsgrad {
    new MomentRatio(b1, b2, eps, epsRoot, false);
    Moments.checkStorage("muDtype", muDtype);
  }

  /**
   * Returns AMSGrad's scaling with b1 = 0.9, b2 = 0.999, eps = 1e-8, epsRoot = 0 and both bias
   * corrections.
   *
   * @return the transformation
   */
  public static ScaleByAmsgrad defaults() {
    return new ScaleByAmsgrad(0.9, 0.999, 1e-8, 0, null, true, true);
  }

  @Override
  public ScaleByAmsgradState initialState(Tree params) {
    Tree zeros = params.zeros();
    return new ScaleByAmsgradState(Scalar.of(0), Moments.stored(zeros, muDtype), zeros, zeros);
  }

  @Override
  public Step<ScaleByAmsgradState> step(
      Tree updates, ScaleByAmsgradState state, Tree params, Extras extras) {
    Scalar t = state.count().plus(1);
    Tree g = updates.squarable();
    Tree mu = Moments.update(Moments.computed(state.mu(), g), b1, g);
    Tree nu = Moments.update(state.nu(), b2, g.square());
    Tree muHat = biasCorrectionMu ? Moments.debiased(mu, b1, t) : mu;
    Tree nuHat = biasCorrectionNu ? Moments.debiased(nu, b2, t) : nu;
    // nuMax <- max(nuMax, nuHat);  u = muHat / (sqrt(nuMax + epsRoot) + eps)
    Tree nuMax = state.nuMax().max(nuHat);
    Tree scaled = muHat.dividedBy(nuMax.plus(epsRoot).sqrt().plus(eps));
    Tree stored = Moments.stored(mu, muDtype);
    return Step.of(scaled, new ScaleByAmsgradState(t, stored, nu, nuMax));
  }
}
