package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.AddDecayedWeights;
import dev.glissade.transform.Moments;
import dev.glissade.transform.ScaleByAdam.ScaleByAdamState;
import dev.glissade.transform.ScaleBySchedule.ScaleByScheduleState;
import dev.glissade.withers.Withers;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * StableAdamW: AdamW that takes smaller steps on a leaf whose gradients exceed its second moment,
 * so that training survives sudden large gradients (Wortsman et al., "Stable and Low-precision
 * Training for Large-scale Vision-language Models", 2023, arXiv 2304.13013, Algorithm 2). With mHat
 * and vHat Adam's debiased moments, and for each leaf:
 *
 * <pre>{@code
 * rms = sqrt(mean(g^2 / max(vHat, eps^2)))
 * u = -learningRate / max(1, rms) (mHat / (sqrt(vHat) + eps) + weightDecay x)
 * }</pre>
 *
 * <p>The rule is Adafactor's clipping, put into the learning rate. It makes gradient clipping
 * unnecessary for large transformers, and allows a larger b2. Optax has no counterpart. A leaf
 * whose rms is not a number keeps its learning rate. State: that of {@code ScaleByAdam}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the scaled gradients and the decay; read at count 0 at the first
 *     step
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param eps added to the root of the second moment, positive
 * @param weightDecay decoupled weight decay, times the leaf's learning rate
 * @param mask accepts the paths of the leaves that decay; null for all leaves
 */
@Withers
public record StableAdamW(
    Schedule learningRate,
    double b1,
    double b2,
    double eps,
    Schedule weightDecay,
    @Nullable Predicate<String> mask)
    implements GradientTransformation<ScaleByAdamState>, StableAdamWWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps positive and finite
   * @param weightDecay any schedule
   * @param mask any predicate, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public StableAdamW {
    Check.decay("b1", b1);
    Check.decay("b2", b2);
    Check.positive("eps", eps);
  }

  /**
   * Returns StableAdamW with the paper's b1 = 0.9, b2 = 0.99 and eps = 1e-6, and weightDecay = 1e-4
   * on all leaves.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static StableAdamW of(Schedule learningRate) {
    return new StableAdamW(learningRate, 0.9, 0.99, 1e-6, new ConstantSchedule(1e-4), null);
  }

  @Override
  public ScaleByAdamState initialState(Tree x) {
    return new ScaleByAdamState(Scalar.of(0), x.zeros(), x.zeros());
  }

  @Override
  public Step<ScaleByAdamState> step(Tree updates, ScaleByAdamState state, Tree x, Extras extras) {
    Scalar t = state.count().plus(1);
    Tree g = updates.squarable();
    Tree mu = Moments.termwise(state.mu(), b1, g);
    Tree nu = Moments.termwise(state.nu(), b2, g.square());
    Tree vHat = Moments.debiased(nu, b2, t);
    // rms = sqrt(mean(g^2 / max(vHat, eps^2))) of each leaf;  1 / max(1, rms)
    Tree rms = g.square().dividedBy(vHat.max(eps * eps)).leafMeans().sqrt();
    Tree smaller = rms.greaterThan(1).choose(rms.fill(1).dividedBy(rms), rms.fill(1));
    // u = -lr / max(1, rms) (mHat / (sqrt(vHat) + eps) + weightDecay x)
    Tree adam = Moments.debiased(mu, b1, t).dividedBy(vHat.sqrt().plus(eps));
    Tree decayed =
        new AddDecayedWeights(weightDecay, mask)
            .step(adam, new ScaleByScheduleState(state.count()), x, extras)
            .updates();
    Tree stable = decayed.times(smaller.broadcast(decayed));
    return Step.of(
        Descent.by(stable, learningRate, state.count()), new ScaleByAdamState(t, mu, nu));
  }
}
