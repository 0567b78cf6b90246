package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.Moments;
import dev.glissade.withers.Withers;

/**
 * Scales gradients as Simplified AdEMAMix does: one slow sum of gradients and the gradient itself
 * in place of two means (Morwani et al., "Connections between Schedule-Free Optimizers, AdEMAMix,
 * and Accelerated SGD Variants", 2025, arXiv 2502.02431):
 *
 * <pre>{@code
 * m <- b1 m + g          n <- b2 n + (1 - b2) g^2
 * u = (m + alpha g) / (sqrt(n / (1 - b2^t) + epsRoot) + eps)
 * }</pre>
 *
 * <p>with t the number of this step from 1. <b>m is a sum, not a mean</b>: it grows to {@code 1 /
 * (1 - b1)} times a gradient, so learning rates are about 100 times smaller than Adam's. The paper
 * proposes alpha = 0 for large batches, up to 100 for small ones.
 *
 * <p>Differs from Optax as {@code ScaleByAdam} does: gradients are {@linkplain Tree#squarable made
 * squarable}, and the sums of 16-bit parameters are float32.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param b1 decay of the sum, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param alpha weight of the gradient; read at count 0 at the first step
 * @param eps added to the root of the second moment, not negative
 * @param epsRoot added under the root, not negative
 */
@Withers
public record ScaleBySimplifiedAdemamix(
    double b1, double b2, Schedule alpha, double eps, double epsRoot)
    implements GradientTransformation<ScaleBySimplifiedAdemamix.ScaleBySimplifiedAdEMAMixState>,
        ScaleBySimplifiedAdemamixWithers {

  /**
   * The state of {@link ScaleBySimplifiedAdemamix}; both sums start at 0.
   *
   * @param t the number of steps taken
   * @param m the slow sum of gradients
   * @param n the second moment, not debiased
   */
  public record ScaleBySimplifiedAdEMAMixState(Scalar t, Tree m, Tree n) {}

  /**
   * Checks the arguments.
   *
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param alpha any schedule
   * @param eps finite and not negative
   * @param epsRoot finite and not negative
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleBySimplifiedAdemamix {
    Check.decay("b1", b1);
    Check.decay("b2", b2);
    Check.notNegative("eps", eps);
    Check.notNegative("epsRoot", epsRoot);
  }

  /**
   * Returns Simplified AdEMAMix's scaling with b1 = 0.99, b2 = 0.95, alpha = 0, eps = 1e-8 and
   * epsRoot = 0.
   *
   * @return the transformation
   */
  public static ScaleBySimplifiedAdemamix defaults() {
    return new ScaleBySimplifiedAdemamix(0.99, 0.95, new ConstantSchedule(0), 1e-8, 0);
  }

  @Override
  public ScaleBySimplifiedAdEMAMixState initialState(Tree params) {
    return new ScaleBySimplifiedAdEMAMixState(Scalar.of(0), params.zeros(), params.zeros());
  }

  @Override
  public Step<ScaleBySimplifiedAdEMAMixState> step(
      Tree updates, ScaleBySimplifiedAdEMAMixState state, Tree params, Extras extras) {
    Scalar t = state.t().plus(1);
    Tree g = updates.squarable();
    Tree m = state.m().times(b1).plus(g);
    Tree n = Moments.termwise(state.n(), b2, g.square());
    // u = (m + alpha g) / (sqrt(nHat + epsRoot) + eps)
    Tree root = Moments.debiased(n, b2, t).plus(epsRoot).sqrt();
    Tree u = m.plus(g.times(alpha.at(state.t()))).dividedBy(root.plus(eps));
    return Step.of(u, new ScaleBySimplifiedAdEMAMixState(t, m, n));
  }
}
