package dev.glissade.contrib;

import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.transform.Moments;
import dev.glissade.transform.ScaleByAdam.ScaleByAdamState;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * Scales gradients as ADOPT does: Adam that divides by the second moment of the step before, and
 * takes the mean afterwards, so that it converges for any b2 (Taniguchi et al., "ADOPT: Modified
 * Adam Can Converge with Any beta2 with the Optimal Rate", 2024, arXiv 2411.02853). With nu before
 * the step and c = clipValueFn of the number of steps taken:
 *
 * <pre>{@code
 * first step:  nu = g^2                    u = 0
 * then:        z = clamp(g / max(sqrt(nu), eps), -c, c)
 *              mu <- b1 mu + (1 - b1) z    nu <- b2 nu + (1 - b2) g^2
 *              u = mu, or with Nesterov: b1 mu + (1 - b1) z
 * }</pre>
 *
 * <p>The first step only measures. The bound c, which grows from 0 as the fourth root of the number
 * of steps, tames the next ones. Updates point uphill, as gradients do, so chain a {@code
 * scaleByLearningRate} after it, or use {@code Contrib.adopt}.
 *
 * <p>Differs from Optax in that the first step is a choice: there its mu is 0 times g / eps, which
 * is NaN for a huge gradient without clipping. Gradients are {@linkplain Tree#squarable made
 * squarable}, and moments of 16-bit parameters are float32.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param eps the least divisor, positive
 * @param muDtype the type in which the first moment is kept; null for the type in which it is
 *     computed
 * @param nesterov whether to use Nesterov momentum
 * @param useClipping whether to clip scaled gradients
 * @param clipValueFn the bound of scaled gradients as a function of the number of steps taken
 */
@Withers
public record ScaleByAdopt(
    double b1,
    double b2,
    double eps,
    @Nullable DType muDtype,
    boolean nesterov,
    boolean useClipping,
    Schedule clipValueFn)
    implements GradientTransformation<ScaleByAdamState>, ScaleByAdoptWithers {

  /**
   * Checks the arguments.
   *
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps positive and finite
   * @param muDtype a real type, or null
   * @param nesterov true or false
   * @param useClipping true or false
   * @param clipValueFn any schedule
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByAdopt {
    Check.decay("b1", b1);
    Check.decay("b2", b2);
    Check.positive("eps", eps);
    Moments.checkStorage("muDtype", muDtype);
  }

  /**
   * Returns ADOPT's scaling with b1 = 0.9, b2 = 0.9999, eps = 1e-6, without Nesterov momentum, and
   * with clipping at the fourth root of the number of steps taken.
   *
   * @return the transformation
   */
  public static ScaleByAdopt defaults() {
    return new ScaleByAdopt(0.9, 0.9999, 1e-6, null, false, true, new PowerOfCount(0.25));
  }

  @Override
  public ScaleByAdamState initialState(Tree params) {
    return new ScaleByAdamState(
        Scalar.of(0), Moments.stored(params.zeros(), muDtype), params.zeros());
  }

  @Override
  public Step<ScaleByAdamState> step(
      Tree updates, ScaleByAdamState state, Tree params, Extras extras) {
    Scalar before = state.count();
    Scalar t = before.plus(1);
    Tree g = updates.squarable();
    Step<ScaleByAdamState> first =
        Step.of(g.zeros(), new ScaleByAdamState(t, state.mu(), g.square()));
    // z = clamp(g / max(sqrt(nu), eps), -c, c)
    Tree z = clipped(g.dividedBy(state.nu().sqrt().max(eps)), before);
    Tree mu = Moments.termwise(Moments.computed(state.mu(), g), b1, z);
    Tree nu = Moments.termwise(state.nu(), b2, g.square());
    Step<ScaleByAdamState> later =
        Step.of(
            nesterov ? Moments.termwise(mu, b1, z) : mu,
            new ScaleByAdamState(t, Moments.stored(mu, muDtype), nu));
    return before.equalTo(0).choose(first, later);
  }

  private Tree clipped(Tree z, Scalar count) {
    if (!useClipping) {
      return z;
    }
    Scalar bound = clipValueFn.at(count);
    return z.max(bound.negate()).min(bound);
  }
}
