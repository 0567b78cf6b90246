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
 * AdamW without a learning rate, by D-Adaptation: Defazio and Mishchenko, "Learning-Rate-Free
 * Learning by D-Adaptation", 2023 (arXiv 2301.07733), Algorithm 5. It estimates the distance D from
 * the start to the solution, from below. With L = d lr(t-1) sqrt(1 - b2^t) / (1 - b1^t) and b =
 * sqrt(b2):
 *
 * <pre>{@code
 * r <- b r + (1 - b) L <g, s / (sqrt(v) + eps)>     s <- b s + (1 - b) L g
 * m <- b1 m + (1 - b1) L g                          v <- b2 v + (1 - b2) g^2
 * d <- max(d, r / ((1 - b) |s|_1))                  u = -m / (sqrt(v) + eps) - weightDecay L x
 * }</pre>
 *
 * <p>Where the original gives NaN for ever, the estimate stays as it is: while the sum of gradients
 * is 0 (a zero gradient or learning rate at the start), and when a gradient is not finite. The
 * elements with such a gradient become NaN all the same; applyIfFinite skips the step. Gradients
 * are {@linkplain Tree#squarable made squarable}.
 *
 * @param learningRate times the estimate; best a schedule with 1 as its largest value
 * @param betas decays of the moments
 * @param eps added to the root of the second moment
 * @param estimLr0 the first estimate, to be too small rather than too large
 * @param weightDecay decoupled, times the learning rate
 */
@Withers
public record DAdaptAdamW(
    Schedule learningRate, Betas betas, double eps, double estimLr0, double weightDecay)
    implements GradientTransformation<DAdaptAdamW.DAdaptAdamWState>, DAdaptAdamWWithers {

  /**
   * The moments, and the estimate.
   *
   * @param expAvg first moment m
   * @param expAvgSq second moment v
   * @param gradSum weighted sum of gradients s
   * @param estimLr the estimate d
   * @param numeratorWeighted its numerator r
   * @param count steps taken
   */
  public record DAdaptAdamWState(
      Tree expAvg,
      Tree expAvgSq,
      Tree gradSum,
      Scalar estimLr,
      Scalar numeratorWeighted,
      Scalar count) {}

  public DAdaptAdamW {
    Check.notNegative("eps", eps);
    Check.positive("estimLr0", estimLr0);
    Check.finite("weightDecay", weightDecay);
  }

  /**
   * Returns D-Adaptation with learning rate 1, betas of {@link Betas#DEFAULT}, eps = 1e-8, estimLr0
   * = 1e-6, no decay.
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
    // num = <g, s / (sqrt(v) + eps)>, with s and v from before this step, which it overwrites
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
