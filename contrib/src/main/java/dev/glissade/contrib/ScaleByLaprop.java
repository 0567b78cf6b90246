package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.transform.Moments;
import dev.glissade.withers.Withers;

/**
 * Scales gradients as LaProp does: divides each by the root of the second moment first, and takes
 * the mean of the quotients (Ziyin, Wang and Ueda, "LaProp: Separating Momentum and Adaptivity in
 * Adam", 2020, arXiv 2002.04839):
 *
 * <pre>{@code
 * nu <- b2 nu + (1 - b2) g^2
 * mu <- b1 mu + (1 - b1) g / (sqrt(nu / (1 - b2^t)) + eps)        u = mu / (1 - b1^t)
 * }</pre>
 *
 * <p>with t the number of this step from 1. Adam divides the mean by the newest root, so that a
 * gradient from before may weigh too much; here b1 and b2 can be chosen freely. Updates point
 * uphill, as gradients do, so chain a learning rate after it, or use {@link LaProp}.
 *
 * <p>Gradients are {@linkplain Tree#squarable made squarable}, so that a huge one does not
 * overflow. Moments of 16-bit parameters are float32. Optax has no counterpart.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param eps added to the root of the second moment, not negative
 */
@Withers
public record ScaleByLaprop(double b1, double b2, double eps)
    implements GradientTransformation<ScaleByLaprop.ScaleByLapropState>, ScaleByLapropWithers {

  /**
   * The state of {@link ScaleByLaprop}; both moments start at 0.
   *
   * @param count the number of steps taken
   * @param mu the mean of scaled gradients, not debiased
   * @param nu the second moment, not debiased
   */
  public record ScaleByLapropState(Scalar count, Tree mu, Tree nu) {}

  /**
   * Checks the arguments.
   *
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps finite and not negative
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByLaprop {
    Check.decay("b1", b1);
    Check.decay("b2", b2);
    Check.notNegative("eps", eps);
  }

  /**
   * Returns LaProp's scaling with b1 = 0.9, b2 = 0.999 and eps = 1e-15.
   *
   * @return the transformation
   */
  public static ScaleByLaprop defaults() {
    return new ScaleByLaprop(0.9, 0.999, 1e-15);
  }

  @Override
  public ScaleByLapropState initialState(Tree params) {
    return new ScaleByLapropState(Scalar.of(0), params.zeros(), params.zeros());
  }

  @Override
  public Step<ScaleByLapropState> step(
      Tree updates, ScaleByLapropState state, Tree params, Extras extras) {
    Scalar t = state.count().plus(1);
    Tree g = updates.squarable();
    Tree nu = Moments.update(state.nu(), b2, g.square());
    // mu <- b1 mu + (1 - b1) g / (sqrt(nu / (1 - b2^t)) + eps)
    Tree scaled = g.dividedBy(Moments.debiased(nu, b2, t).sqrt().plus(eps));
    Tree mu = Moments.update(state.mu(), b1, scaled);
    return Step.of(Moments.debiased(mu, b1, t), new ScaleByLapropState(t, mu, nu));
  }
}
