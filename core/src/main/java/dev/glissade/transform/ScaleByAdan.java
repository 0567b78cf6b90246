package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Scales gradients as Adan does: with a mean of their differences, which looks ahead as Nesterov
 * momentum does (Xie et al., "Adan: Adaptive Nesterov Momentum Algorithm for Faster Optimizing Deep
 * Models", 2022, arXiv 2208.06677):
 *
 * <pre>{@code
 * d = g - gBefore, 0 at the first step
 * m <- b1 m + (1 - b1) g      v <- b2 v + (1 - b2) d      n <- b3 n + (1 - b3) (g + b2 d)^2
 * u = (m / (1 - b1^t) + b2 v / (1 - b2^t)) / (sqrt(n / (1 - b3^t) + epsRoot) + eps)
 * }</pre>
 *
 * <p>with t the number of this step from 1. Updates point uphill, as gradients do, so chain a
 * {@link ScaleByLearningRate} after it, or use {@code Optimizers.adan}.
 *
 * <p>Differs from Optax in three ways. Optax 0.2.8 weighs d and v by 1 - b2 = 0.08, because the
 * paper's beta2 is 1 - b2; the formula of the paper and of Optax's own documentation is the one
 * above (issue 1715 there). Gradients are {@linkplain Tree#squarable made squarable}, so that a
 * huge one does not overflow. Moments of 16-bit parameters are float32, where eps does not round to
 * 0.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param b1 decay of the mean of gradients, in [0, 1)
 * @param b2 decay of the mean of differences, and its weight, in [0, 1)
 * @param b3 decay of the mean of squares, in [0, 1)
 * @param eps added to the root of the mean of squares, not negative
 * @param epsRoot added under the root, not negative
 */
@Withers
public record ScaleByAdan(double b1, double b2, double b3, double eps, double epsRoot)
    implements GradientTransformation<ScaleByAdan.ScaleByAdanState>, ScaleByAdanWithers {

  /**
   * The state of {@link ScaleByAdan}; all trees start at 0.
   *
   * @param m the mean of gradients, not debiased
   * @param v the mean of differences of gradients, not debiased
   * @param n the mean of squares, not debiased
   * @param g the gradient of the step before
   * @param t the number of steps taken
   */
  public record ScaleByAdanState(Tree m, Tree v, Tree n, Tree g, Scalar t) {}

  /**
   * Checks the arguments.
   *
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param b3 in [0, 1)
   * @param eps finite and not negative
   * @param epsRoot finite and not negative
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByAdan {
    Check.decay("b1", b1);
    Check.decay("b2", b2);
    Check.decay("b3", b3);
    Check.notNegative("eps", eps);
    Check.notNegative("epsRoot", epsRoot);
  }

  /**
   * Returns Adan's scaling with b1 = 0.98, b2 = 0.92, b3 = 0.99, eps = 1e-8 and epsRoot = 0.
   *
   * @return the transformation
   */
  public static ScaleByAdan defaults() {
    return new ScaleByAdan(0.98, 0.92, 0.99, 1e-8, 0);
  }

  @Override
  public ScaleByAdanState initialState(Tree params) {
    Tree zeros = params.zeros();
    return new ScaleByAdanState(zeros, zeros, zeros, zeros, Scalar.of(0));
  }

  @Override
  public Step<ScaleByAdanState> step(
      Tree updates, ScaleByAdanState state, Tree params, Extras extras) {
    Scalar t = state.t().plus(1);
    Tree g = updates.squarable();
    Tree d = g.minus(state.t().equalTo(0).choose(g, state.g()));
    Tree m = Moments.update(state.m(), b1, g);
    Tree v = Moments.update(state.v(), b2, d);
    // n <- b3 n + (1 - b3) (g + b2 d)^2
    Tree n = Moments.update(state.n(), b3, g.plus(d.times(b2)).square());
    // u = (m / (1 - b1^t) + b2 v / (1 - b2^t)) / (sqrt(n / (1 - b3^t) + epsRoot) + eps)
    Tree ahead = Moments.debiased(m, b1, t).plus(Moments.debiased(v, b2, t).times(b2));
    Tree root = Moments.debiased(n, b3, t).plus(epsRoot).sqrt();
    return Step.of(ahead.dividedBy(root.plus(eps)), new ScaleByAdanState(m, v, n, g, t));
  }
}
