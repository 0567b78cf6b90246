package dev.glissade.contrib;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.AddDecayedWeights;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.withers.Withers;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Simplified AdEMAMix: a slow sum of gradients and the gradient itself, with decoupled weight
 * decay:
 *
 * <pre>{@code
 * u = -learningRate (simplifiedAdemamix(g) + weightDecay x)
 * }</pre>
 *
 * <p>where simplifiedAdemamix(g) is the result of {@link ScaleBySimplifiedAdemamix}. Since the sum
 * is not a mean, start with a hundredth of AdamW's learning rate, and with 100 times its weight
 * decay. Differs from Optax as {@link ScaleBySimplifiedAdemamix} does. State: a chain of the states
 * of {@link ScaleBySimplifiedAdemamix}, {@link AddDecayedWeights} and {@link ScaleByLearningRate}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the scaled gradients and the decay; read at count 0 at the first
 *     step
 * @param b1 decay of the sum, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param alpha weight of the gradient; read at count 0 at the first step
 * @param eps added to the root of the second moment, not negative
 * @param epsRoot added under the root, not negative
 * @param weightDecay decoupled weight decay: the updates contain {@code -learningRate weightDecay
 *     x}
 * @param mask accepts the paths of the leaves that decay; null for all leaves
 */
@Withers
public record SimplifiedAdemamix(
    Schedule learningRate,
    double b1,
    double b2,
    Schedule alpha,
    double eps,
    double epsRoot,
    Schedule weightDecay,
    @Nullable Predicate<String> mask)
    implements Composite<ChainState>, SimplifiedAdemamixWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param alpha any schedule
   * @param eps finite and not negative
   * @param epsRoot finite and not negative
   * @param weightDecay any schedule
   * @param mask any predicate, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public SimplifiedAdemamix {
    new ScaleBySimplifiedAdemamix(b1, b2, alpha, eps, epsRoot);
  }

  /**
   * Returns Simplified AdEMAMix with the defaults of {@link ScaleBySimplifiedAdemamix#defaults} (b1
   * = 0.99, b2 = 0.95, alpha = 0, eps = 1e-8, epsRoot = 0) and no weight decay.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static SimplifiedAdemamix of(Schedule learningRate) {
    ScaleBySimplifiedAdemamix scaling = ScaleBySimplifiedAdemamix.defaults();
    return new SimplifiedAdemamix(
        learningRate,
        scaling.b1(),
        scaling.b2(),
        scaling.alpha(),
        scaling.eps(),
        scaling.epsRoot(),
        new ConstantSchedule(0),
        null);
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleBySimplifiedAdemamix(b1, b2, alpha, eps, epsRoot),
        new AddDecayedWeights(weightDecay, mask),
        ScaleByLearningRate.of(learningRate));
  }
}
