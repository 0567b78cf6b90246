package dev.glissade.optimizer;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.AddDecayedWeights;
import dev.glissade.transform.ScaleByAdan;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.withers.Withers;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Adan: Adam with a mean of the differences of gradients, which looks ahead as Nesterov momentum
 * does (Xie et al., "Adan: Adaptive Nesterov Momentum Algorithm for Faster Optimizing Deep Models",
 * 2022, arXiv 2208.06677):
 *
 * <pre>{@code
 * d = g - gBefore, 0 at the first step
 * m <- b1 m + (1 - b1) g      v <- b2 v + (1 - b2) d      n <- b3 n + (1 - b3) (g + b2 d)^2
 * s = (m / (1 - b1^t) + b2 v / (1 - b2^t)) / (sqrt(n / (1 - b3^t) + epsRoot) + eps)
 * u = -learningRate (s + weightDecay x)
 * }</pre>
 *
 * <p>For large batches and large learning rates, such as vision transformers at 5 to 10 times the
 * rate of AdamW. It keeps four trees.
 *
 * <p>Differs from Optax as {@link ScaleByAdan} does: it weighs differences by b2, where Optax 0.2.8
 * weighs them by 1 - b2. As in Optax the decay is AdamW's; the paper divides the parameters by 1 +
 * learningRate weightDecay instead. The mask is a predicate on leaf paths, not a tree. State: a
 * chain of the states of {@link ScaleByAdan}, {@link AddDecayedWeights} and {@link
 * ScaleByLearningRate}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the scaled gradients and the decay; read at count 0 at the first
 *     step
 * @param b1 decay of the mean of gradients, in [0, 1)
 * @param b2 decay of the mean of differences, and its weight, in [0, 1)
 * @param b3 decay of the mean of squares, in [0, 1)
 * @param eps added to the root of the mean of squares, not negative
 * @param epsRoot added under the root, not negative
 * @param weightDecay decoupled weight decay: the updates contain {@code -learningRate weightDecay
 *     x}
 * @param mask accepts the paths of the leaves that decay; null for all leaves
 */
@Withers
public record Adan(
    Schedule learningRate,
    double b1,
    double b2,
    double b3,
    double eps,
    double epsRoot,
    Schedule weightDecay,
    @Nullable Predicate<String> mask)
    implements Composite<ChainState>, AdanWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param b3 in [0, 1)
   * @param eps finite and not negative
   * @param epsRoot finite and not negative
   * @param weightDecay any schedule
   * @param mask any predicate, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Adan {
    new ScaleByAdan(b1, b2, b3, eps, epsRoot);
  }

  /**
   * Returns Adan with the defaults of {@link ScaleByAdan#defaults} (b1 = 0.98, b2 = 0.92, b3 =
   * 0.99, eps = 1e-8) but epsRoot = 1e-8, and no weight decay.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static Adan of(Schedule learningRate) {
    ScaleByAdan adan = ScaleByAdan.defaults();
    return new Adan(
        learningRate,
        adan.b1(),
        adan.b2(),
        adan.b3(),
        adan.eps(),
        1e-8,
        new ConstantSchedule(0),
        null);
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleByAdan(b1, b2, b3, eps, epsRoot),
        new AddDecayedWeights(weightDecay, mask),
        ScaleByLearningRate.of(learningRate));
  }
}
