package dev.glissade.transform;

import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * Scales gradients as NovoGrad does, without the learning rate (Ginsburg et al., "Stochastic
 * Gradient Methods with Layer-wise Adaptive Moments for Training of Deep Networks", 2019, arXiv
 * 1905.11286): the second moment is one number for each leaf, n = ||g||_l^2.
 *
 * <pre>{@code
 * v <- b2 v + (1 - b2) n                          n in the first step
 * m <- b1 m + g / (sqrt(v + epsRoot) + eps) + weightDecay x
 * u = m
 * }</pre>
 *
 * <p>Neither moment is debiased, and the first one is a sum. Updates point uphill, as gradients do.
 * Differs from Optax in that the second moments are float64 whatever the type of the leaves, and
 * that gradients are {@linkplain Tree#squarable made squarable}.
 *
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param eps added to the root of the second moment, not negative
 * @param epsRoot added under the root, not negative
 * @param weightDecay weight decay, added to the first moment, finite
 * @param muDtype the type in which the first moment is stored; null for that of its arithmetic
 */
@Withers
public record ScaleByNovograd(
    double b1, double b2, double eps, double epsRoot, double weightDecay, @Nullable DType muDtype)
    implements GradientTransformation<ScaleByNovograd.ScaleByNovogradState>,
        ScaleByNovogradWithers {

  /**
   * The state of {@link ScaleByNovograd}; both moments start at 0.
   *
   * @param count the number of steps taken
   * @param mu the first moment
   * @param nu the second moment, a number for each leaf
   */
  public record ScaleByNovogradState(Scalar count, Tree mu, Tree nu) {}

  /**
   * Checks the arguments.
   *
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps finite and not negative
   * @param epsRoot finite and not negative
   * @param weightDecay finite
   * @param muDtype a real type, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByNovograd {
    Check.decay("b1", b1);
    Check.decay("b2", b2);
    Check.notNegative("eps", eps);
    Check.notNegative("epsRoot", epsRoot);
    Check.finite("weightDecay", weightDecay);
    Moments.checkStorage("muDtype", muDtype);
  }

  /**
   * Returns NovoGrad's scaling with b1 = 0.9, b2 = 0.25, eps = 1e-8, epsRoot = 0 and no weight
   * decay.
   *
   * @return the transformation
   */
  public static ScaleByNovograd defaults() {
    return new ScaleByNovograd(0.9, 0.25, 1e-8, 0, 0, null);
  }

  @Override
  public ScaleByNovogradState initialState(Tree params) {
    Tree mu = Moments.stored(params.zeros(), muDtype);
    return new ScaleByNovogradState(Scalar.of(0), mu, params.leafSizes().zeros());
  }

  @Override
  public Step<ScaleByNovogradState> step(
      Tree gradients, ScaleByNovogradState state, Tree x, Extras extras) {
    Tree g = gradients.squarable();
    Scalar old = state.count().equalTo(0).choose(Scalar.of(0), Scalar.of(b2));
    Tree v = state.nu().times(old).plus(g.leafNormsSquared().times(old.negate().plus(1)));
    Tree divisor = v.plus(epsRoot).sqrt().plus(eps);
    // g / (sqrt(v + epsRoot) + eps) + weightDecay x;  0 for a gradient of 0, even without an eps
    Tree scaled =
        g.times(divisor.greaterThan(0).choose(v.fill(1).dividedBy(divisor), v).broadcast(g));
    Tree decayed = weightDecay == 0 ? scaled : scaled.plus(x.times(weightDecay));
    Tree m = Moments.computed(state.mu(), g).times(b1).plus(decayed);
    Tree mu = Moments.stored(m, muDtype);
    return Step.of(m, new ScaleByNovogradState(state.count().plus(1), mu, v));
  }
}
