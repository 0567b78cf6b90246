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
 * Scales gradients as Adamax does, by a decaying maximum of their sizes (Kingma and Ba, "Adam: A
 * Method for Stochastic Optimization", 2014, arXiv 1412.6980, section 7.1):
 *
 * <pre>{@code
 * mu <- b1 mu + (1 - b1) g        nu <- max(|g| + eps, b2 nu)
 * u = mu / (1 - b1^t) / nu
 * }</pre>
 *
 * <p>with t the number of this step from 1. As in Optax eps is part of the maximum; the paper has
 * none. Updates point uphill, as gradients do, so chain a {@link ScaleByLearningRate} after it, or
 * use {@code Optimizers.adamax}.
 *
 * <p>Differs from Optax in two ways. Gradients are {@linkplain Tree#squarable made squarable}, so
 * that means of huge ones do not overflow. Moments of 16-bit parameters are float32, where eps does
 * not round to 0; Optax gives NaN for a zero gradient in float16. State: that of {@link
 * ScaleByAdam}, with the maximum as nu.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the maximum, in [0, 1)
 * @param eps added to the size of each gradient, not negative
 */
@Withers
public record ScaleByAdamax(double b1, double b2, double eps)
    implements GradientTransformation<ScaleByAdamState>, ScaleByAdamaxWithers {

  /**
   * Checks the arguments.
   *
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps finite and not negative
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByAdamax {
    Check.decay("b1", b1);
    Check.decay("b2", b2);
    Check.notNegative("eps", eps);
  }

  /**
   * Returns Adamax's scaling with b1 = 0.9, b2 = 0.999 and eps = 1e-8.
   *
   * @return the transformation
   */
  public static ScaleByAdamax defaults() {
    return new ScaleByAdamax(0.9, 0.999, 1e-8);
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
    Tree mu = Moments.update(state.mu(), b1, g);
    // nu <- max(|g| + eps, b2 nu)
    Tree size = g.abs().plus(eps);
    Tree nu = b2 == 0 ? size : size.max(state.nu().times(b2));
    Tree scaled = Moments.debiased(mu, b1, t).dividedBy(nu);
    return Step.of(scaled, new ScaleByAdamState(t, mu, nu));
  }
}
