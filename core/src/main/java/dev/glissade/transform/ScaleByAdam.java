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
 * Scales gradients as Adam does, without the learning rate (Kingma and Ba, "Adam: A Method for
 * Stochastic Optimization", 2014, arXiv 1412.6980):
 *
 * <pre>{@code
 * mu <- b1 mu + (1 - b1) g            nu <- b2 nu + (1 - b2) g^2
 * muHat = mu / (1 - b1^t)             nuHat = nu / (1 - b2^t)
 * u = muHat / (sqrt(nuHat + epsRoot) + eps)
 * with Nesterov: muHat = b1 mu / (1 - b1^(t+1)) + (1 - b1) g / (1 - b1^t)
 * }</pre>
 *
 * <p>with t the number of this step from 1. Nesterov momentum follows Dozat, "Incorporating
 * Nesterov Momentum into Adam", 2016. Updates point uphill, as gradients do, so chain a {@link
 * ScaleByLearningRate} after it, or use {@code Optimizers.adam}.
 *
 * <p>Differs from Optax in three ways. Gradients are {@linkplain Tree#squarable made squarable}, so
 * that a huge one does not overflow. Moments of 16-bit parameters are float32, where eps does not
 * round to 0. A first moment of type muDtype is widened before it is used and rounded once, when it
 * is stored; Optax computes part of it in the narrow type.
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
 * @param nesterov whether to use Nesterov momentum
 */
@Withers
public record ScaleByAdam(
    double b1, double b2, double eps, double epsRoot, @Nullable DType muDtype, boolean nesterov)
    implements GradientTransformation<ScaleByAdam.ScaleByAdamState>, ScaleByAdamWithers {

  /**
   * The state of {@link ScaleByAdam}; both moments start at 0.
   *
   * @param count the number of steps taken
   * @param mu the first moment, not debiased
   * @param nu the second moment, not debiased
   */
  public record ScaleByAdamState(Scalar count, Tree mu, Tree nu) {}

  /**
   * Checks the arguments.
   *
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps finite and not negative
   * @param epsRoot finite and not negative
   * @param muDtype a real type, or null
   * @param nesterov true or false
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByAdam {
    new MomentRatio(b1, b2, eps, epsRoot, nesterov);
    Moments.checkStorage("muDtype", muDtype);
  }

  /**
   * Returns Adam's scaling with b1 = 0.9, b2 = 0.999, eps = 1e-8, epsRoot = 0, without Nesterov
   * momentum.
   *
   * @return the transformation
   */
  public static ScaleByAdam defaults() {
    return new ScaleByAdam(0.9, 0.999, 1e-8, 0, null, false);
  }

  @Override
  public ScaleByAdamState initialState(Tree params) {
    Tree zeros = params.zeros();
    return new ScaleByAdamState(Scalar.of(0), Moments.stored(zeros, muDtype), zeros);
  }

  @Override
  public Step<ScaleByAdamState> step(
      Tree gradients, ScaleByAdamState state, Tree params, Extras extras) {
    Scalar t = state.count().plus(1);
    Tree g = gradients.squarable();
    Tree mu = Moments.update(Moments.computed(state.mu(), g), b1, g);
    Tree nu = Moments.update(state.nu(), b2, g.square());
    // muHat / (sqrt(nuHat + epsRoot) + eps)
    Tree updates = new MomentRatio(b1, b2, eps, epsRoot, nesterov).of(mu, nu, g, t);
    return Step.of(updates, new ScaleByAdamState(t, Moments.stored(mu, muDtype), nu));
  }
}
