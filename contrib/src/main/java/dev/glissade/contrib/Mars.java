package dev.glissade.contrib;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.AddDecayedWeights;
import dev.glissade.transform.ScaleByAdam;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.withers.Withers;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * MARS-AdamW: AdamW with gradients of less variance (Yuan et al., "MARS: Unleashing the Power of
 * Variance Reduction for Training Large Models", 2024, arXiv 2411.10438, MARS-approx):
 *
 * <pre>{@code
 * c = g + gamma b1 / (1 - b1) (g - gBefore), with gBefore = g at the first step
 * cc = c / max(1, ||c|| / clipThreshold)
 * mu <- b1 mu + (1 - b1) cc            nu <- b2 nu + (1 - b2) cc^2
 * u = -learningRate (mu / (1 - b1^t) / (sqrt(nu / (1 - b2^t)) + eps) + weightDecay x)
 * }</pre>
 *
 * <p>with t the number of this step from 1. For the training of language models, at 5 to 10 times
 * the learning rate of AdamW and a tenth of its weight decay (the paper's 6e-3 and 0.01 for GPT-2).
 * The authors step vectors, such as biases, by plain AdamW: use {@code partition} for that.
 *
 * <p>The norm is that of all leaves together, as {@link MarsGradient} documents. Optax has no
 * counterpart yet. State: a chain of the states of {@link MarsGradient}, {@link ScaleByAdam},
 * {@link AddDecayedWeights} and {@link ScaleByLearningRate}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the scaled gradients and the decay; read at count 0 at the first
 *     step
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param eps added to the root of the second moment, not negative
 * @param gamma strength of the correction, not negative
 * @param clipThreshold the largest norm of a corrected gradient, positive
 * @param weightDecay decoupled weight decay: the updates contain {@code -learningRate weightDecay
 *     x}
 * @param weightDecayMask accepts the paths of the leaves that decay; null for all leaves
 * @param muDtype the type in which the first moment is stored, not complex; null for the type in
 *     which the parameters are computed
 */
@Withers
public record Mars(
    Schedule learningRate,
    double b1,
    double b2,
    double eps,
    double gamma,
    double clipThreshold,
    Schedule weightDecay,
    @Nullable Predicate<String> weightDecayMask,
    @Nullable DType muDtype)
    implements Composite<ChainState>, MarsWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps finite and not negative
   * @param gamma finite and not negative
   * @param clipThreshold finite and positive
   * @param weightDecay any schedule
   * @param weightDecayMask any predicate, or null
   * @param muDtype a real type, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Mars {
    new MarsGradient(b1, gamma, clipThreshold);
    new ScaleByAdam(b1, b2, eps, 0, muDtype, false);
  }

  /**
   * Returns MARS-AdamW with the defaults of {@link MarsGradient#defaults} (b1 = 0.95, gamma =
   * 0.025, clipThreshold = 1), b2 = 0.99, eps = 1e-8 and no weight decay.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static Mars of(Schedule learningRate) {
    MarsGradient mars = MarsGradient.defaults();
    return new Mars(
        learningRate,
        mars.b1(),
        0.99,
        1e-8,
        mars.gamma(),
        mars.clipThreshold(),
        new ConstantSchedule(0),
        null,
        null);
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new MarsGradient(b1, gamma, clipThreshold),
        new ScaleByAdam(b1, b2, eps, 0, muDtype, false),
        new AddDecayedWeights(weightDecay, weightDecayMask),
        ScaleByLearningRate.of(learningRate));
  }
}
