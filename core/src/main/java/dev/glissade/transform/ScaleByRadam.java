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
 * Scales gradients as RAdam does: as Adam, but without the second moment while it is a mean of too
 * few gradients, and then by its variance (Liu et al., "On the Variance of the Adaptive Learning
 * Rate and Beyond", 2019, arXiv 1908.03265):
 *
 * <pre>{@code
 * mu <- b1 mu + (1 - b1) g            nu <- b2 nu + (1 - b2) g^2
 * R = 2 / (1 - b2) - 1                r = R - 2 t b2^t / (1 - b2^t)
 * r >= threshold:  u = sqrt((r-4) (r-2) R / ((R-4) r)) muHat / (sqrt(nuHat + epsRoot) + eps)
 * else:            u = muHat
 * }</pre>
 *
 * <p>with t the number of this step from 1 and the debiased means muHat and nuHat of {@link
 * ScaleByAdam}. With b2 = 0.999 the first five steps are steps of momentum, as large as gradients
 * are, and later steps grow towards Adam's: a warm-up without a schedule. Updates point uphill, as
 * gradients do, so chain a {@link ScaleByLearningRate} after it, or use {@code Optimizers.radam}.
 *
 * <p>Differs from Optax in three ways. It refuses a threshold below 4, which makes the root there
 * NaN. Gradients are {@linkplain Tree#squarable made squarable}, so that a huge one does not
 * overflow. Moments of 16-bit parameters are float32, where eps does not round to 0. State: that of
 * {@link ScaleByAdam}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param eps added to the root of the second moment, not negative
 * @param epsRoot added under the root, not negative
 * @param threshold the least r, the length of the mean, at which gradients are divided, at least 4
 * @param nesterov whether to use Nesterov momentum
 */
@Withers
public record ScaleByRadam(
    double b1, double b2, double eps, double epsRoot, double threshold, boolean nesterov)
    implements GradientTransformation<ScaleByAdamState>, ScaleByRadamWithers {

  /**
   * Checks the arguments.
   *
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps finite and not negative
   * @param epsRoot finite and not negative
   * @param threshold at least 4
   * @param nesterov true or false
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByRadam {
    new MomentRatio(b1, b2, eps, epsRoot, nesterov);
    Check.finite("threshold", threshold);
    Check.that(threshold >= 4, "threshold must be at least 4", threshold);
  }

  /**
   * Returns RAdam's scaling with b1 = 0.9, b2 = 0.999, eps = 1e-8, epsRoot = 0, threshold = 5,
   * without Nesterov momentum.
   *
   * @return the transformation
   */
  public static ScaleByRadam defaults() {
    return new ScaleByRadam(0.9, 0.999, 1e-8, 0, 5, false);
  }

  @Override
  public ScaleByAdamState initialState(Tree params) {
    return new ScaleByAdamState(Scalar.of(0), params.zeros(), params.zeros());
  }

  @Override
  public Step<ScaleByAdamState> step(
      Tree updates, ScaleByAdamState state, Tree params, Extras extras) {
    Scalar t = state.count().plus(1);
    Tree g = updates.squarable();
    Tree mu = Moments.termwise(state.mu(), b1, g);
    Tree nu = Moments.termwise(state.nu(), b2, g.square());
    // r = R - 2 t b2^t / (1 - b2^t)
    Scalar power = t.powerOf(b2);
    Scalar r = t.times(power).times(-2).dividedBy(power.negate().plus(1)).plus(longest());
    MomentRatio ratio = new MomentRatio(b1, b2, eps, epsRoot, nesterov);
    Tree muHat = ratio.muHat(mu, g, t);
    Tree divided = ratio.of(mu, nu, g, t, rectified(r));
    Tree scaled = r.lessThan(threshold).choose(muHat, divided);
    return Step.of(scaled, new ScaleByAdamState(t, mu, nu));
  }

  /** Returns R = 2 / (1 - b2) - 1, the length of the mean after many steps. */
  private double longest() {
    return 2 / (1 - b2) - 1;
  }

  /** Returns sqrt((r-4) (r-2) R / ((R-4) r)). */
  private Scalar rectified(Scalar r) {
    double most = longest();
    return r.minus(4).times(r.minus(2)).dividedBy(r).times(most / ((most - 4) * (most - 2))).sqrt();
  }
}
