package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.transform.ScaleByAdam.ScaleByAdamState;
import dev.glissade.withers.Withers;

/**
 * Scales gradients as Yogi does: as Adam, but with a second moment that changes by at most (1 - b2)
 * g^2 at a step, so that it falls slowly (Zaheer et al., "Adaptive Methods for Nonconvex
 * Optimization", NeurIPS 2018):
 *
 * <pre>{@code
 * mu <- b1 mu + (1 - b1) g            nu <- nu - (1 - b2) sign(nu - g^2) g^2
 * u = mu / (1 - b1^t) / (sqrt(nu / (1 - b2^t) + epsRoot) + eps)
 * }</pre>
 *
 * <p>with t the number of this step from 1. As in Optax both moments start at
 * initialAccumulatorValue and are debiased as if they had started at 0; the paper debiases neither.
 * Updates point uphill, as gradients do, so chain a {@link ScaleByLearningRate} after it, or use
 * {@code Optimizers.yogi}.
 *
 * <p>Differs from Optax in two ways. Gradients are {@linkplain Tree#squarable made squarable}, so
 * that a huge one does not overflow. Moments of 16-bit parameters are float32, where small numbers
 * do not round to 0. State: that of {@link ScaleByAdam}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param eps added to the root of the second moment, not negative
 * @param epsRoot added under the root, not negative
 * @param initialAccumulatorValue both moments before the first step, not negative
 */
@Withers
public record ScaleByYogi(
    double b1, double b2, double eps, double epsRoot, double initialAccumulatorValue)
    implements GradientTransformation<ScaleByAdamState>, ScaleByYogiWithers {

  /**
   * Checks the arguments.
   *
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps finite and not negative
   * @param epsRoot finite and not negative
   * @param initialAccumulatorValue finite and not negative
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByYogi {
    new MomentRatio(b1, b2, eps, epsRoot, false);
    Check.notNegative("initialAccumulatorValue", initialAccumulatorValue);
  }

  /**
   * Returns Yogi's scaling with b1 = 0.9, b2 = 0.999, eps = 1e-3, epsRoot = 0 and
   * initialAccumulatorValue = 1e-6.
   *
   * @return the transformation
   */
  public static ScaleByYogi defaults() {
    return new ScaleByYogi(0.9, 0.999, 1e-3, 0, 1e-6);
  }

  @Override
  public ScaleByAdamState initialState(Tree params) {
    return new ScaleByAdamState(
        Scalar.of(0), params.fill(initialAccumulatorValue), params.fill(initialAccumulatorValue));
  }

  @Override
  public Step<ScaleByAdamState> step(
      Tree updates, ScaleByAdamState state, Tree params, Extras extras) {
    Scalar t = state.count().plus(1);
    Tree g = updates.squarable();
    Tree square = g.square();
    Tree mu = Moments.update(state.mu(), b1, g);
    // nu <- nu - (1 - b2) sign(nu - g^2) g^2
    Tree nu = state.nu().minus(state.nu().minus(square).sign().times(square).times(1 - b2));
    // u = mu / (1 - b1^t) / (sqrt(nu / (1 - b2^t) + epsRoot) + eps)
    Tree scaled = new MomentRatio(b1, b2, eps, epsRoot, false).of(mu, nu, g, t);
    return Step.of(scaled, new ScaleByAdamState(t, mu, nu));
  }
}
