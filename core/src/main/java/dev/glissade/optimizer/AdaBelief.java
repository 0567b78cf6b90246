package dev.glissade.optimizer;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.AddDecayedWeights;
import dev.glissade.transform.ScaleByBelief;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.withers.Withers;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * AdaBelief: takes long steps where gradients are close to their mean, and short ones where they
 * are not (Zhuang et al., "AdaBelief Optimizer: Adapting Stepsizes by the Belief in Observed
 * Gradients", 2020, arXiv 2010.07468):
 *
 * <pre>{@code
 * mu <- b1 mu + (1 - b1) g            nu <- b2 nu + (1 - b2) (g - mu)^2 + epsRoot
 * u = -learningRate (mu / (1 - b1^t) / (sqrt(nu / (1 - b2^t)) + eps) + weightDecay x)
 * }</pre>
 *
 * <p>A replacement of Adam and AdamW with the same options. eps and epsRoot matter more than
 * Adam's: the defaults are Optax's, 1e-16, while the authors recommend 1e-8 for images and 1e-16
 * for text.
 *
 * <p>Differs from Optax as {@link ScaleByBelief} does; the mask is a predicate on leaf paths, not a
 * tree. State: a chain of the states of {@link ScaleByBelief}, {@link AddDecayedWeights} and {@link
 * ScaleByLearningRate}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the scaled gradients and the decay; read at count 0 at the first
 *     step
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param eps added to the root of the second moment, not negative
 * @param epsRoot added to the second moment at each step, not negative
 * @param weightDecay decoupled weight decay: the updates contain {@code -learningRate weightDecay
 *     x}
 * @param weightDecayMask accepts the paths of the leaves that decay; null for all leaves
 * @param nesterov whether to use Nesterov momentum
 */
@Withers
public record AdaBelief(
    Schedule learningRate,
    double b1,
    double b2,
    double eps,
    double epsRoot,
    Schedule weightDecay,
    @Nullable Predicate<String> weightDecayMask,
    boolean nesterov)
    implements Composite<ChainState>, AdaBeliefWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps finite and not negative
   * @param epsRoot finite and not negative
   * @param weightDecay any schedule
   * @param weightDecayMask any predicate, or null
   * @param nesterov true or false
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public AdaBelief {
    new ScaleByBelief(b1, b2, eps, epsRoot, nesterov);
  }

  /**
   * Returns AdaBelief with the defaults of {@link ScaleByBelief#defaults} (b1 = 0.9, b2 = 0.999,
   * eps = epsRoot = 1e-16, without Nesterov momentum) and no weight decay.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static AdaBelief of(Schedule learningRate) {
    ScaleByBelief belief = ScaleByBelief.defaults();
    return new AdaBelief(
        learningRate,
        belief.b1(),
        belief.b2(),
        belief.eps(),
        belief.epsRoot(),
        new ConstantSchedule(0),
        null,
        belief.nesterov());
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleByBelief(b1, b2, eps, epsRoot, nesterov),
        new AddDecayedWeights(weightDecay, weightDecayMask),
        ScaleByLearningRate.of(learningRate));
  }
}
