package dev.glissade.optimizer;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.combine.Masked;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.AddDecayedWeights;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.transform.ScaleByTrustRatio;
import dev.glissade.transform.Trace;
import dev.glissade.withers.Withers;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * LARS: momentum whose steps are relative to the size of each layer, for large batches of images
 * (You, Gitman and Ginsburg, "Large Batch Training of Convolutional Networks", 2017, arXiv
 * 1708.03888):
 *
 * <pre>{@code
 * p <- momentum p - learningRate trust(g + weightDecay x)        u = p
 * with Nesterov: u = momentum p - learningRate trust(g + weightDecay x)
 * }</pre>
 *
 * <p>where trust is the result of {@link ScaleByTrustRatio}. The learning rate is inside of the
 * momentum. Mask biases and the scales of normalization layers out of both.
 *
 * <p>Differs from Optax as {@link ScaleByTrustRatio} does; masks are predicates on leaf paths.
 * State: a chain of the states of its links.
 *
 * @param learningRate multiplies the scaled gradients; read at count 0 at the first step
 * @param weightDecay weight decay, before the trust ratio
 * @param weightDecayMask accepts the paths of the leaves that decay; null for all leaves
 * @param trustCoefficient the factor of the trust ratio, finite
 * @param eps added to the norm of the updates in the trust ratio, not negative
 * @param trustRatioMask accepts the paths of the leaves with a trust ratio; null for all leaves
 * @param momentum decay of the momentum, not negative
 * @param nesterov whether to use Nesterov momentum
 */
@Withers
public record Lars(
    Schedule learningRate,
    Schedule weightDecay,
    @Nullable Predicate<String> weightDecayMask,
    double trustCoefficient,
    double eps,
    @Nullable Predicate<String> trustRatioMask,
    double momentum,
    boolean nesterov)
    implements Composite<ChainState>, LarsWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param weightDecay any schedule
   * @param weightDecayMask any predicate, or null
   * @param trustCoefficient finite
   * @param eps finite and not negative
   * @param trustRatioMask any predicate, or null
   * @param momentum finite and not negative
   * @param nesterov true or false
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Lars {
    new ScaleByTrustRatio(0, trustCoefficient, eps);
    Trace.of(momentum);
  }

  /**
   * Returns LARS without weight decay, with trustCoefficient = 1e-3, eps = 0, a momentum of 0.9,
   * and trust ratios for all leaves.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Lars of(Schedule learningRate) {
    return new Lars(learningRate, new ConstantSchedule(0), null, 1e-3, 0, null, 0.9, false);
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    ScaleByTrustRatio ratio = new ScaleByTrustRatio(0, trustCoefficient, eps);
    return Chain.of(
        new AddDecayedWeights(weightDecay, weightDecayMask),
        trustRatioMask == null ? ratio : new Masked(ratio, trustRatioMask),
        ScaleByLearningRate.of(learningRate),
        Trace.of(momentum).nesterov(nesterov));
  }
}
