package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Replaces gradients by those of MARS, which vary less (Yuan et al., "MARS: Unleashing the Power of
 * Variance Reduction for Training Large Models", 2024, arXiv 2411.10438):
 *
 * <pre>{@code
 * c = g + gamma b1 / (1 - b1) (g - gBefore), with gBefore = g at the first step
 * u = c / max(1, ||c|| / clipThreshold)
 * }</pre>
 *
 * <p>Chain an optimizer with momentum after it, with the same b1: {@link Mars} is the paper's
 * choice with AdamW, and {@code chain(marsGradient(), lion(1e-4).b1(0.95))} the one with Lion.
 *
 * <p>gBefore is the gradient of the step before at its own minibatch, as in the paper's
 * MARS-approx. The norm is that of all leaves together, as in the paper's formula; its authors'
 * code clips each tensor alone. Huge gradients do not overflow. Optax has no counterpart yet.
 *
 * @param b1 decay of the first moment of the optimizer after it, in [0, 1)
 * @param gamma strength of the correction, not negative
 * @param clipThreshold the largest norm of a corrected gradient, positive
 */
@Withers
public record MarsGradient(double b1, double gamma, double clipThreshold)
    implements GradientTransformation<MarsGradient.MarsGradientState>, MarsGradientWithers {

  /**
   * The state of {@link MarsGradient}.
   *
   * @param count the number of steps taken
   * @param lastGrad the gradient of the step before
   */
  public record MarsGradientState(Scalar count, Tree lastGrad) {}

  /**
   * Checks the arguments.
   *
   * @param b1 in [0, 1)
   * @param gamma finite and not negative
   * @param clipThreshold finite and positive
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public MarsGradient {
    Check.decay("b1", b1);
    Check.notNegative("gamma", gamma);
    Check.positive("clipThreshold", clipThreshold);
  }

  /**
   * Returns the gradients of MARS with b1 = 0.95, gamma = 0.025 and clipThreshold = 1.
   *
   * @return the transformation
   */
  public static MarsGradient defaults() {
    return new MarsGradient(0.95, 0.025, 1);
  }

  @Override
  public MarsGradientState initialState(Tree params) {
    return new MarsGradientState(Scalar.of(0), params.zeros());
  }

  @Override
  public Step<MarsGradientState> step(
      Tree updates, MarsGradientState state, Tree params, Extras extras) {
    Tree g = updates.as(updates.structure().computed());
    Tree before = state.count().equalTo(0).choose(g, state.lastGrad());
    // c = g + s (g - gBefore), divided by a power of two until it is clipped, lest it overflow
    double s = gamma * b1 / (1 - b1);
    double k = Math.scalb(1.0, Math.getExponent(1 + 2 * s) + 1);
    Tree c = g.times((1 + s) / k).minus(before.times(s / k));
    Tree clipped = c.normAtMost(clipThreshold / k).times(k);
    return Step.of(clipped, new MarsGradientState(state.count().plus(1), g));
  }
}
