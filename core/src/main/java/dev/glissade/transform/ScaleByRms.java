package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Divides gradients by the root of a mean of their squares, as RMSProp does (Hinton, Neural
 * Networks for Machine Learning, lecture 6, 2012):
 *
 * <pre>{@code
 * nu <- decay nu + (1 - decay) g^2
 * u = g / sqrt(nu + eps), or g / (sqrt(nu) + eps) if not epsInSqrt
 * }</pre>
 *
 * <p>With biasCorrection {@code nu / (1 - decay^t)} stands for nu in u. Gradients are {@linkplain
 * Tree#squarable made squarable}, so that a huge one does not overflow, unlike in Optax. The state
 * counts steps even without bias correction, unlike Optax's.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param decay decay of the second moment, in [0, 1)
 * @param eps keeps the divisor from 0, not negative
 * @param initialScale the second moment before the first step, not negative
 * @param epsInSqrt whether eps is added under the root
 * @param biasCorrection whether to debias the second moment
 */
@Withers
public record ScaleByRms(
    double decay, double eps, double initialScale, boolean epsInSqrt, boolean biasCorrection)
    implements GradientTransformation<ScaleByRms.ScaleByRmsState>, ScaleByRmsWithers {

  /**
   * The state of {@link ScaleByRms}.
   *
   * @param count the number of steps taken
   * @param nu the second moment, which starts at initialScale
   */
  public record ScaleByRmsState(Scalar count, Tree nu) {}

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
  public ScaleByRms {
    Check.decay("decay", decay);
    Check.notNegative("eps", eps);
    Check.notNegative("initialScale", initialScale);
  }

  /**
   * Returns RMSProp's scaling with decay = 0.9, eps = 1e-8 under the root, initialScale = 0 and no
   * bias correction.
   *
   * @return the transformation
   */
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
