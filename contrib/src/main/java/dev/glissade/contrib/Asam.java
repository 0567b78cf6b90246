package dev.glissade.contrib;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Composite;
import dev.glissade.contrib.Sam.SAMState;
import dev.glissade.optimizer.Sgd;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.withers.Withers;

/**
 * ASAM, adaptive sharpness-aware minimization: {@link Sam} whose climb is relative to the size of
 * each parameter, so that rescaling the weights of a network does not change what is sharp (Kwon,
 * Kim, Park and Choi, "ASAM: Adaptive Sharpness-Aware Minimization for Scale-Invariant Learning of
 * Deep Neural Networks", 2021, arXiv 2102.11600):
 *
 * <pre>{@code
 * climb    x' = x + rho T^2 g / ||T g||, with g the gradient at x and T = |x| + eta
 * descend  from x by the outer optimizer, with the gradient at x'
 * }</pre>
 *
 * <p>It is {@code sam(optimizer, chain(adaptiveNormalize(eta), sgd(rho)))}, with the same modes,
 * costs and parameters to evaluate. rho is about ten times that of {@link Sam}: try 0.5, and 0.1 to
 * 2. The authors leave biases and the scales of normalization out of T (T = 1 there); here T is the
 * same for all leaves. Optax has no counterpart.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param optimizer the outer optimizer, which you would use without ASAM, with the same learning
 *     rate
 * @param rho the length of the climb; read at the number of outer steps taken
 * @param eta added to the size of each parameter, not negative
 * @param opaqueMode whether a step is a whole cycle, with a gradient function among the extra
 *     arguments
 */
@Withers
public record Asam(
    GradientTransformation<?> optimizer, Schedule rho, double eta, boolean opaqueMode)
    implements Composite<SAMState>, AsamWithers {

  /**
   * Checks the arguments.
   *
   * @param optimizer an optimizer of mean gradients
   * @param rho any schedule
   * @param eta finite and not negative
   * @param opaqueMode true or false
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Asam {
    sam(optimizer, rho, eta, opaqueMode);
  }

  /**
   * Returns ASAM in transparent mode with rho = 0.5 and eta = 0.01.
   *
   * @param optimizer the outer optimizer
   * @return the optimizer
   * @throws IllegalArgumentException if it takes per-example gradients
   */
  public static Asam of(GradientTransformation<?> optimizer) {
    return new Asam(optimizer, new ConstantSchedule(0.5), 0.01, false);
  }

  private static Sam sam(
      GradientTransformation<?> optimizer, Schedule rho, double eta, boolean opaque) {
    return Sam.of(optimizer, Chain.of(new AdaptiveNormalize(eta), Sgd.of(rho))).opaqueMode(opaque);
  }

  @Override
  public GradientTransformation<SAMState> composed() {
    return sam(optimizer, rho, eta, opaqueMode);
  }
}
