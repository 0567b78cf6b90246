package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.transform.Moments;
import dev.glissade.transform.ScaleByBelief.ScaleByBeliefState;
import dev.glissade.withers.Withers;

/**
 * Scales gradients as ACProp does: divides by how far gradients were from their mean, as of the
 * step before (Zhuang et al., "Momentum Centering and Asynchronous Update for Adaptive Gradient
 * Methods", 2021, arXiv 2110.05454). With t the number of this step from 1, m and s before it:
 *
 * <pre>{@code
 * s = nu / (1 - b2^(t-1)), at t = 1: 1         u = g / (sqrt(s) + eps)
 * nu <- b2 nu + (1 - b2) (g - mu)^2 + epsRoot  mu <- b1 mu + (1 - b1) g
 * }</pre>
 *
 * <p>The mean only centers. <b>The second step may be huge</b>: it divides by the size of the first
 * gradient, so where that is about 0, as with a parameter that was not used yet, by about
 * sqrt(epsRoot). As in Optax eps and epsRoot are 1e-16. A floor of 1e-8 under s, which Optax lacks,
 * or an epsRoot of 1e-8 prevents that.
 *
 * <p>Differs from Optax also in that gradients are {@linkplain Tree#squarable made squarable}, so
 * that a huge one does not overflow, and in that moments of 16-bit parameters are float32.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param b1 decay of the mean, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param eps added to the root of the second moment, not negative
 * @param epsRoot added to the second moment at each step, not negative
 * @param floor the least second moment to divide by, not negative; 0 for none
 */
@Withers
public record ScaleByAcprop(double b1, double b2, double eps, double epsRoot, double floor)
    implements GradientTransformation<ScaleByBeliefState>, ScaleByAcpropWithers {

  /**
   * Checks the arguments.
   *
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps finite and not negative
   * @param epsRoot finite and not negative
   * @param floor finite and not negative
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByAcprop {
    Check.decay("b1", b1);
    Check.decay("b2", b2);
    Check.notNegative("eps", eps);
    Check.notNegative("epsRoot", epsRoot);
    Check.notNegative("floor", floor);
  }

  /**
   * Returns ACProp's scaling with b1 = 0.9, b2 = 0.999, eps = epsRoot = 1e-16 and no floor.
   *
   * @return the transformation
   */
  public static ScaleByAcprop defaults() {
    return new ScaleByAcprop(0.9, 0.999, 1e-16, 1e-16, 0);
  }

  @Override
  public ScaleByBeliefState initialState(Tree params) {
    return new ScaleByBeliefState(Scalar.of(0), params.zeros(), params.zeros());
  }

  @Override
  public Step<ScaleByBeliefState> step(
      Tree updates, ScaleByBeliefState state, Tree params, Extras extras) {
    Scalar before = state.count();
    Scalar first = before.equalTo(0);
    Tree g = updates.squarable();
    // s = nu / (1 - b2^(t-1)), at t = 1: 1, as nu is 0 then
    Scalar debias = Scalar.of(1).dividedBy(before.powerOf(b2).negate().plus(1));
    Tree s = state.nu().times(first.choose(Scalar.of(0), debias)).plus(first);
    Tree floored = floor == 0 ? s : s.max(floor);
    Tree u = g.dividedBy(floored.sqrt().plus(eps));
    // nu <- b2 nu + (1 - b2) (g - mu)^2 + epsRoot;  mu <- b1 mu + (1 - b1) g
    Tree nu = Moments.termwise(state.nu(), b2, g.minus(state.mu()).square()).plus(epsRoot);
    Tree mu = Moments.termwise(state.mu(), b1, g);
    return Step.of(u, new ScaleByBeliefState(before.plus(1), mu, nu));
  }
}
