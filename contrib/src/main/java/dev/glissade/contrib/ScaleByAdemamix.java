package dev.glissade.contrib;

import dev.glissade.DType;
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
import org.jspecify.annotations.Nullable;

/**
 * Scales gradients as AdEMAMix does: Adam with a second, much slower mean of gradients, which keeps
 * tens of thousands of steps relevant (Pagliardini, Ablin and Grangier, "The AdEMAMix Optimizer:
 * Better, Faster, Older", 2024, arXiv 2409.03137):
 *
 * <pre>{@code
 * m1 <- b1 m1 + (1 - b1) g    m2 <- b3 m2 + (1 - b3) g    nu <- b2 nu + (1 - b2) g^2
 * u = (m1 / (1 - b1^t) + alpha m2) / (sqrt(nu / (1 - b2^t) + epsRoot) + eps)
 * }</pre>
 *
 * <p>with t the number of this step from 1. <b>Start b3 and alpha by schedules</b>: the paper's own
 * are {@code Schedules.ademamixB3Schedule(b1, b3, steps)} and {@code
 * Schedules.ademamixAlphaSchedule(alpha, steps)} with the steps of the whole training; with
 * constants the first steps may diverge. Updates point uphill, as gradients do, so chain a {@code
 * scaleByLearningRate} after it, or use {@code Contrib.ademamix}.
 *
 * <p>Differs from Optax as {@code ScaleByAdam} does: gradients are {@linkplain Tree#squarable made
 * squarable}, and moments of 16-bit parameters are float32. muDtype applies to both means.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param b1 decay of the fast mean, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param b3 decay of the slow mean, in [0, 1); read at count 0 at the first step
 * @param alpha weight of the slow mean; read at count 0 at the first step
 * @param eps added to the root of the second moment, not negative
 * @param epsRoot added under the root, not negative
 * @param muDtype the type in which both means are kept; null for the type in which they are
 *     computed
 */
@Withers
public record ScaleByAdemamix(
    double b1,
    double b2,
    Schedule b3,
    Schedule alpha,
    double eps,
    double epsRoot,
    @Nullable DType muDtype)
    implements GradientTransformation<ScaleByAdemamix.ScaleByAdemamixState>,
        ScaleByAdemamixWithers {

  /**
   * The state of {@link ScaleByAdemamix}; the moments start at 0.
   *
   * @param count the number of steps taken
   * @param countM2 the same number, at which b3 and alpha are read
   * @param m1 the fast mean, not debiased
   * @param m2 the slow mean, never debiased
   * @param nu the second moment, not debiased
   */
  public record ScaleByAdemamixState(Scalar count, Scalar countM2, Tree m1, Tree m2, Tree nu) {}

  /**
   * Checks the arguments.
   *
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param b3 any schedule with values in [0, 1)
   * @param alpha any schedule
   * @param eps finite and not negative
   * @param epsRoot finite and not negative
   * @param muDtype a real type, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByAdemamix {
    Check.decay("b1", b1);
    Check.decay("b2", b2);
    if (b3 instanceof ConstantSchedule constant) {
      Check.decay("b3", constant.value());
    }
    Check.notNegative("eps", eps);
    Check.notNegative("epsRoot", epsRoot);
    Moments.checkStorage("muDtype", muDtype);
  }

  /**
   * Returns AdEMAMix's scaling with b1 = 0.9, b2 = 0.999, b3 = 0.9999, alpha = 6, eps = 1e-8 and
   * epsRoot = 0.
   *
   * @return the transformation
   */
  public static ScaleByAdemamix defaults() {
    return new ScaleByAdemamix(
        0.9, 0.999, new ConstantSchedule(0.9999), new ConstantSchedule(6), 1e-8, 0, null);
  }

  @Override
  public ScaleByAdemamixState initialState(Tree params) {
    Tree mean = Moments.stored(params.zeros(), muDtype);
    return new ScaleByAdemamixState(Scalar.of(0), Scalar.of(0), mean, mean, params.zeros());
  }

  @Override
  public Step<ScaleByAdemamixState> step(
      Tree updates, ScaleByAdemamixState state, Tree params, Extras extras) {
    Scalar t = state.count().plus(1);
    Tree g = updates.squarable();
    Tree m1 = Moments.termwise(Moments.computed(state.m1(), g), b1, g);
    // m2 <- m2 + (1 - b3) (g - m2), so that the weights add up to 1 in float, too
    Tree old = Moments.computed(state.m2(), g);
    Tree m2 = old.plus(g.minus(old).times(b3.at(state.countM2()).negate().plus(1)));
    Tree nu = Moments.termwise(state.nu(), b2, g.square());
    // u = (m1Hat + alpha m2) / (sqrt(nuHat + epsRoot) + eps)
    Tree mixed = Moments.debiased(m1, b1, t).plus(m2.times(alpha.at(state.countM2())));
    Tree root = Moments.debiased(nu, b2, t).plus(epsRoot).sqrt();
    return Step.of(
        mixed.dividedBy(root.plus(eps)),
        new ScaleByAdemamixState(
            t,
            state.countM2().plus(1),
            Moments.stored(m1, muDtype),
            Moments.stored(m2, muDtype),
            nu));
  }
}
