package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.withers.Withers;

/**
 * AdamW without a learning rate, by D-Adaptation (Defazio and Mishchenko, "Learning-Rate-Free
 * Learning by D-Adaptation", 2023, arXiv 2301.07733, Algorithm 5). It estimates the distance d from
 * the start to the solution from below, and steps in proportion to it. With L = d lr sqrt(1 - b2^t)
 * / (1 - b1^t), t the number of this step from 1, and b = sqrt(b2):
 *
 * <pre>{@code
 * r <- b r + (1 - b) L <g, s / (sqrt(v) + eps)>     s <- b s + (1 - b) L g
 * m <- b1 m + (1 - b1) L g                          v <- b2 v + (1 - b2) g^2
 * d <- max(d, r / ((1 - b) |s|_1))                  u = -m / (sqrt(v) + eps) - weightDecay L x
 * }</pre>
 *
 * <p>r uses the s and v from before this step, and u the d from before. Try {@link Prodigy} first,
 * whose estimate grows faster; D-Adaptation grows by gradients alone, so it also works where
 * parameters round tiny first steps away.
 *
 * <p>Differs from Optax in that nothing becomes NaN for ever. The estimate stays as it is while the
 * sum of gradients is 0, as with a zero gradient or learning rate at the start, and when a gradient
 * is not finite. The elements of that gradient still become NaN; {@code applyIfFinite} or {@code
 * Stepper.nonFinite} skips such a step. Gradients are {@linkplain Tree#squarable made squarable},
 * so that a huge one does not overflow. The estimate is a double whatever the type of the
 * parameters, and moments of 16-bit parameters are float32.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the estimate; best a schedule whose largest value is 1, such as a
 *     warm-up of up to a fifth of all steps and a linear decay to 0
 * @param betas decays of the moments
 * @param eps added to the root of the second moment, not negative
 * @param estimLr0 the first estimate, positive; too small costs a few steps, too large may diverge,
 *     because the estimate never falls
 * @param weightDecay decoupled weight decay: the updates contain {@code -weightDecay L x}. For an
 *     L2 penalty put {@code addDecayedWeights} in front
 */
@Withers
public record DAdaptAdamW(
    Schedule learningRate, Betas betas, double eps, double estimLr0, double weightDecay)
    implements GradientTransformation<DAdaptAdamW.DAdaptAdamWState>, DAdaptAdamWWithers {

  /**
   * The state of {@link DAdaptAdamW}. A {@link dev.glissade.Stepper} reads the estimate by {@code
   * scalar("estimLr")}.
   *
   * @param expAvg the first moment, m
   * @param expAvgSq the second moment, v
   * @param gradSum the weighted sum of gradients, s
   * @param estimLr the estimate, d
   * @param numeratorWeighted the numerator of the estimate, r
   * @param count the number of steps taken
   */
  public record DAdaptAdamWState(
      Tree expAvg,
      Tree expAvgSq,
      Tree gradSum,
      Scalar estimLr,
      Scalar numeratorWeighted,
      Scalar count) {}

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param betas any betas
   * @param eps finite and not negative
   * @param estimLr0 positive and finite
   * @param weightDecay finite
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public DAdaptAdamW {
    Check.notNegative("eps", eps);
    Check.positive("estimLr0", estimLr0);
    Check.finite("weightDecay", weightDecay);
  }

  /**
   * Returns D-Adaptation with learningRate = 1, betas of {@link Betas#DEFAULT}, eps = 1e-8,
   * estimLr0 = 1e-6 and no weight decay.
   *
   * @return the optimizer
   */
  public static DAdaptAdamW defaults() {
    return new DAdaptAdamW(new ConstantSchedule(1), Betas.DEFAULT, 1e-8, 1e-6, 0);
  }

  @Override
  public DAdaptAdamWState initialState(Tree x) {
    return new DAdaptAdamWState(
        x.zeros(), x.zeros(), x.zeros(), Scalar.of(estimLr0), Scalar.of(0), Scalar.of(0));
  }

  @Override
  public Step<DAdaptAdamWState> step(Tree updates, DAdaptAdamWState state, Tree x, Extras extras) {
    Tree g = updates.squarable();
    double b1 = betas.beta1();
    double b2 = betas.beta2();
    double sb = Math.sqrt(b2);
    Scalar d = state.estimLr();
    Scalar t = state.count().plus(1);
    // dlr = d lr(t-1) sqrt(1 - b2^t) / (1 - b1^t)
    Scalar dlr = DAdaptation.rate(d, learningRate, betas, state.count());
    // num = <g, s / (sqrt(v) + eps)>, with s and v from before this step
    Scalar num = g.plainDot(state.gradSum().dividedBy(state.expAvgSq().sqrt().plus(eps)));
    // m <- b1 m + (1-b1) dlr g;  v <- b2 v + (1-b2) g^2;  s <- sb s + (1-sb) dlr g
    Tree m = state.expAvg().times(b1).plus(g.times(dlr.times(1 - b1)));
    Tree v = state.expAvgSq().times(b2).plus(g.square().times(1 - b2));
    Tree s = state.gradSum().times(sb).plus(g.times(dlr.times(1 - sb)));
    // r <- sb r + (1-sb) dlr num;  d <- max(d, r / ((1-sb) ||s||_1))
    Scalar r = state.numeratorWeighted().times(sb).plus(dlr.times(num).times(1 - sb));
    Scalar raised = DAdaptation.raised(d, r.dividedBy(s.norm1().times(1 - sb)));
    // u = -weightDecay dlr x - m / (sqrt(v) + eps)
    Tree u = m.dividedBy(v.sqrt().plus(eps)).negate();
    Tree decayed = weightDecay == 0 ? u : u.minus(x.times(dlr.times(weightDecay)));
    Scalar kept = DAdaptation.finiteOr(r, state.numeratorWeighted());
    return Step.of(decayed, new DAdaptAdamWState(m, v, s, raised, kept, t));
  }
}
