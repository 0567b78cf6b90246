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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * AdamW without a learning rate, by Prodigy: Mishchenko and Defazio, "Prodigy: An Expeditiously
 * Adaptive Parameter-Free Learner", 2023 (arXiv 2306.06101), Algorithm 4. As D-Adaptation, with
 * later gradients weighing more. With L = dlr = d lr(t-1) sqrt(1 - b2^t) / (1 - b1^t):
 *
 * <pre>{@code
 * r <- b3 r + (d / d0) L <g, x0 - x>       s <- b3 s + (d / d0) L g
 * m <- b1 m + (1 - b1) d g                 v <- b2 v + (1 - b2) (d g)^2
 * d' = max(d, coef r / |s|_1)              u = -L m / (sqrt(v) + d' eps) - weightDecay L x
 * }</pre>
 *
 * <p>Where the original gives NaN for ever, the estimate stays as it is: while the sum of gradients
 * is 0 (a zero gradient or learning rate at the start), and when a gradient is not finite. The
 * elements with such a gradient become NaN all the same; applyIfFinite skips the step. Gradients
 * are {@linkplain Tree#squarable made squarable}, times d.
 *
 * <p><b>The first steps have the size of estimLr0</b>. Parameters that round them away, 16-bit ones
 * and float32 ones of size 20 and more at 1e-6, stay where they are and the estimate with them; a
 * warning is logged. In 16 bits {@code masterWeights} is the remedy, for large parameters {@link
 * #relativeEstimLr0}.
 *
 * @param learningRate times the estimate; best a schedule with 1 as its largest value
 * @param betas decays of the moments
 * @param beta3 decay of the estimate's sums; null for the root of beta2
 * @param eps added to the root of the second moment, times the estimate
 * @param estimLr0 the first estimate, to be too small rather than too large
 * @param estimLrCoef what estimates are multiplied by
 * @param weightDecay decoupled, times the learning rate
 * @param safeguardWarmup whether the learning rate is kept out of the estimate's denominator, for
 *     long warm-ups (an option of the authors)
 * @param weightDecayMask the paths of the leaves that decay; null for all
 * @param relativeEstimLr0 whether the first estimate is estimLr0 times 1 + the root of the mean
 *     square of the parameters (an option of ours, for large parameters)
 */
@Withers
public record Prodigy(
    Schedule learningRate,
    Betas betas,
    @Nullable Double beta3,
    double eps,
    double estimLr0,
    double estimLrCoef,
    double weightDecay,
    boolean safeguardWarmup,
    @Nullable Predicate<String> weightDecayMask,
    boolean relativeEstimLr0)
    implements GradientTransformation<Prodigy.ProdigyState>, ProdigyWithers {

  /**
   * The moments, and the estimate.
   *
   * @param expAvg first moment m
   * @param expAvgSq second moment v
   * @param gradSum weighted sum of gradients s
   * @param params0 the parameters at init
   * @param estimLr the estimate d
   * @param numeratorWeighted its numerator r
   * @param count steps taken
   */
  public record ProdigyState(
      Tree expAvg,
      Tree expAvgSq,
      Tree gradSum,
      Tree params0,
      Scalar estimLr,
      Scalar numeratorWeighted,
      Scalar count) {}

  public Prodigy {
    if (beta3 != null) {
      Check.decay("beta3", beta3);
    }
    Check.notNegative("eps", eps);
    Check.positive("estimLr0", estimLr0);
    Check.positive("estimLrCoef", estimLrCoef);
    Check.finite("weightDecay", weightDecay);
  }

  /**
   * Returns Prodigy with learning rate 1, betas of {@link Betas#DEFAULT}, eps = 1e-8, estimLr0 =
   * 1e-6, not relative, estimLrCoef = 1, no decay, no safeguard.
   */
  public static Prodigy defaults() {
    return new Prodigy(
        new ConstantSchedule(1), Betas.DEFAULT, null, 1e-8, 1e-6, 1, 0, false, null, false);
  }

  @Override
  public ProdigyState initialState(Tree x) {
    FirstEstimate first =
        new FirstEstimate("prodigy", "estimLr0", "relativeEstimLr0", estimLr0, relativeEstimLr0);
    first.warn(x);
    return new ProdigyState(
        x.zeros(), x.zeros(), x.zeros(), x, first.of(x), Scalar.of(0), Scalar.of(0));
  }

  @Override
  public Step<ProdigyState> step(Tree updates, ProdigyState state, Tree x, Extras extras) {
    double b1 = betas.beta1();
    double b2 = betas.beta2();
    double b3 = beta3 == null ? Math.sqrt(b2) : beta3;
    Tree x0 = state.params0();
    Scalar d = state.estimLr();
    Tree g = updates.squarable(d);
    Scalar t = state.count().plus(1);
    // dlr = d lr(t-1) sqrt(1 - b2^t) / (1 - b1^t)
    Scalar dlr = DAdaptation.rate(d, learningRate, betas, state.count());
    Scalar growth = d.dividedBy(estimLr0);
    // m <- b1 m + (1-b1) d g;  v <- b2 v + (1-b2) (d g)^2
    Tree dg = g.times(d);
    Tree m = state.expAvg().times(b1).plus(dg.times(1 - b1));
    Tree v = state.expAvgSq().times(b2).plus(dg.square().times(1 - b2));
    // s <- b3 s + dlr d g / d0, with d in place of dlr if safeguarded
    Scalar weight = (safeguardWarmup ? d : dlr).times(growth);
    Tree s = state.gradSum().times(b3).plus(g.times(weight));
    // r <- b3 r + (d / d0) dlr <g, x0 - x>;  d <- max(d, coef r / ||s||_1)
    Scalar gain = growth.times(dlr).times(g.dot(x0.minus(x)));
    Scalar r = state.numeratorWeighted().times(b3).plus(gain);
    Scalar raised = DAdaptation.raised(d, r.times(estimLrCoef).dividedBy(s.norm1()));
    // u = -dlr m / (sqrt(v) + d_new eps) - weightDecay dlr x
    Tree u = m.times(dlr.negate()).dividedBy(v.sqrt().plus(raised.times(eps)));
    Scalar kept = DAdaptation.finiteOr(r, state.numeratorWeighted());
    return Step.of(decayed(u, dlr, x), new ProdigyState(m, v, s, x0, raised, kept, t));
  }

  private Tree decayed(Tree u, Scalar dlr, Tree x) {
    if (weightDecay == 0) {
      return u;
    }
    Tree decayed = u.minus(x.times(dlr.times(weightDecay)));
    return weightDecayMask == null ? decayed : decayed.where(weightDecayMask, u);
  }
}
