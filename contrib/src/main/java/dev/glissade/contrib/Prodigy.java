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
 * Prodigy: AdamW without a learning rate (Mishchenko and Defazio, "Prodigy: An Expeditiously
 * Adaptive Parameter-Free Learner", 2023, arXiv 2306.06101, Algorithm 4). As {@link DAdaptAdamW} it
 * estimates the distance d to the solution from below; later gradients weigh more, so the estimate
 * grows faster. With L = dlr = d lr sqrt(1 - b2^t) / (1 - b1^t), t the number of this step from 1,
 * and d0 = estimLr0:
 *
 * <pre>{@code
 * r <- b3 r + (d / d0) L <g, x0 - x>       s <- b3 s + (d / d0) L g
 * m <- b1 m + (1 - b1) d g                 v <- b2 v + (1 - b2) (d g)^2
 * d' = max(d, coef r / |s|_1)              u = -L m / (sqrt(v) + d' eps) - weightDecay L x
 * }</pre>
 *
 * <p>Usually the first to try of the optimizers without a learning rate. Use it as it is, or with a
 * schedule whose largest value is 1; for a long warm-up set {@code safeguardWarmup(true)}.
 *
 * <p><b>The first steps have the size of estimLr0.</b> Some parameters round them away: 16-bit
 * ones, and float32 ones of size 20 and more at 1e-6. They then stay where they are, and the
 * estimate with them; {@code init} logs a warning. The remedy is {@code masterWeights} around
 * Prodigy in 16 bits, and {@link #relativeEstimLr0} for large parameters.
 *
 * <p>Differs from Optax in that nothing becomes NaN for ever. The estimate stays as it is while the
 * sum of gradients is 0, as with a zero gradient or learning rate at the start, and when a gradient
 * is not finite. The elements of that gradient still become NaN; {@code applyIfFinite} or {@code
 * Stepper.nonFinite} skips such a step. Gradients times d are {@linkplain Tree#squarable made
 * squarable}, so that a huge one does not overflow. The estimate is a double whatever the type of
 * the parameters, and moments of 16-bit parameters are float32. relativeEstimLr0 is an addition.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the estimate; best a schedule whose largest value is 1, such as a
 *     warm-up of up to a fifth of all steps and a linear decay to 0
 * @param betas decays of the moments
 * @param beta3 decay of the estimate's sums, in [0, 1); null for the root of beta2
 * @param eps added to the root of the second moment, times the estimate, not negative
 * @param estimLr0 the first estimate, positive; too small costs a few steps, too large may diverge,
 *     because the estimate never falls
 * @param estimLrCoef multiplies each new estimate, positive; below 1 for smaller steps, above 1 for
 *     larger ones
 * @param weightDecay decoupled weight decay: the updates contain {@code -weightDecay L x}. For an
 *     L2 penalty put {@code addDecayedWeights} in front
 * @param safeguardWarmup whether to leave the learning rate out of the estimate's denominator s, so
 *     that a long warm-up does not inflate the estimate (an option of the authors)
 * @param weightDecayMask accepts the paths of the leaves that decay; null for all leaves
 * @param relativeEstimLr0 whether to multiply the first estimate by 1 + the root mean square of the
 *     parameters, for large parameters
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
   * The state of {@link Prodigy}. A {@link dev.glissade.Stepper} reads the estimate by {@code
   * scalar("estimLr")}.
   *
   * @param expAvg the first moment, m
   * @param expAvgSq the second moment, v
   * @param gradSum the weighted sum of gradients, s
   * @param params0 the parameters at the start, x0
   * @param estimLr the estimate, d
   * @param numeratorWeighted the numerator of the estimate, r
   * @param count the number of steps taken
   */
  public record ProdigyState(
      Tree expAvg,
      Tree expAvgSq,
      Tree gradSum,
      Tree params0,
      Scalar estimLr,
      Scalar numeratorWeighted,
      Scalar count) {}

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param betas any betas
   * @param beta3 in [0, 1), or null
   * @param eps finite and not negative
   * @param estimLr0 positive and finite
   * @param estimLrCoef positive and finite
   * @param weightDecay finite
   * @param safeguardWarmup true or false
   * @param weightDecayMask any predicate, or null
   * @param relativeEstimLr0 true or false
   * @throws IllegalArgumentException if an argument breaks its rule
   */
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
   * Returns Prodigy with learningRate = 1, betas of {@link Betas#DEFAULT}, beta3 = sqrt(beta2), eps
   * = 1e-8, estimLr0 = 1e-6, not relative, estimLrCoef = 1, no weight decay and no safeguard.
   *
   * @return the optimizer
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
