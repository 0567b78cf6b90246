package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Divides gradients by their standard deviation, as centered RMSProp does (Graves, "Generating
 * Sequences With Recurrent Neural Networks", 2013, arXiv 1308.0850):
 *
 * <pre>{@code
 * mu <- decay mu + (1 - decay) g      nu <- decay nu + (1 - decay) g^2
 * u = g / sqrt(nu - mu^2 + eps), or g / (sqrt(nu - mu^2) + eps) if not epsInSqrt
 * }</pre>
 *
 * <p>With biasCorrection both moments are divided by {@code 1 - decay^t} in u.
 *
 * <p>Differs from Optax in two ways. A variance that rounding makes negative counts as 0, where
 * Optax gives NaN; so where the gradient does not vary, updates are {@code g / sqrt(eps)}.
 * Gradients are {@linkplain Tree#squarable made squarable}, so that a huge one does not overflow.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param decay decay of both moments, in [0, 1)
 * @param eps keeps the divisor from 0, not negative
 * @param initialScale the second moment before the first step, not negative
 * @param epsInSqrt whether eps is added under the root
 * @param biasCorrection whether to debias the moments
 */
@Withers
public record ScaleByStddev(
    double decay, double eps, double initialScale, boolean epsInSqrt, boolean biasCorrection)
    implements GradientTransformation<ScaleByStddev.ScaleByStddevState>, ScaleByStddevWithers {

  /**
   * The state of {@link ScaleByStddev}.
   *
   * @param count the number of steps taken
   * @param mu the first moment, which starts at 0
   * @param nu the second moment, which starts at initialScale
   */
  public record ScaleByStddevState(Scalar count, Tree mu, Tree nu) {}

  /**
   * Checks the arguments.
   *
   * @param decay in [0, 1)
   * @param eps finite and not negative
   * @param initialScale finite and not negative
   * @param epsInSqrt true or false
   * @param biasCorrection true or false
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByStddev {
    Check.decay("decay", decay);
    Check.notNegative("eps", eps);
    Check.notNegative("initialScale", initialScale);
  }

  /**
   * Returns centered RMSProp's scaling with decay = 0.9, eps = 1e-8 under the root, initialScale =
   * 0 and no bias correction.
   *
   * @return the transformation
   */
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
    // Where g does not vary, rounding may leave a difference below 0.
    Tree variance = nuHat.minus(muHat.square()).max(0);
    Tree root = epsInSqrt ? variance.plus(eps).sqrt() : variance.sqrt().plus(eps);
    return Step.of(g.dividedBy(root), new ScaleByStddevState(t, mu, nu));
  }
}
