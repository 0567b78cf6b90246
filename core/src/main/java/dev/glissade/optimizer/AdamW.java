package dev.glissade.optimizer;

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
 * AdamW: Adam with decoupled weight decay, which is not divided by the second moment (Loshchilov
 * and Hutter, "Decoupled Weight Decay Regularization", 2017, arXiv 1711.05101):
 *
 * <pre>{@code
 * u = -learningRate (adam(g) + weightDecay x)
 * }</pre>
 *
 * <p>where adam(g) is the result of {@link ScaleByAdam}. The usual choice for transformers and
 * other large models. With {@code nesterov} it is NAdamW, which {@code Optimizers.nadamw} returns.
 * Exclude biases and the scales of normalization layers from the decay with the mask: {@code
 * adamw(1e-3).mask(PathMask.of("*kernel"))}.
 *
 * <p>Differs from Optax as {@link Adam} does; the mask is a predicate on leaf paths, not a tree. As
 * in Optax the decay is multiplied by the learning rate. State: a chain of the states of {@link
 * ScaleByAdam}, {@link AddDecayedWeights} and {@link ScaleByLearningRate}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the scaled gradients and the decay; read at count 0 at the first
 *     step
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param eps added to the root of the second moment, not negative
 * @param epsRoot added under the root, not negative
 * @param muDtype the type in which the first moment is stored, not complex; null for the type in
 *     which the parameters are computed
 * @param weightDecay decoupled weight decay: the updates contain {@code -learningRate weightDecay
 *     x}
 * @param mask accepts the paths of the leaves that decay; null for all leaves
 * @param nesterov whether to use Nesterov momentum
 */
@Withers
public record AdamW(
    Schedule learningRate,
    double b1,
    double b2,
    double eps,
    double epsRoot,
    @Nullable DType muDtype,
    Schedule weightDecay,
    @Nullable Predicate<String> mask,
    boolean nesterov)
    implements Composite<ChainState>, AdamWWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps finite and not negative
   * @param epsRoot finite and not negative
   * @param muDtype a real type, or null
   * @param weightDecay any schedule
   * @param mask any predicate, or null
   * @param nesterov true or false
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public AdamW {
    new ScaleByAdam(b1, b2, eps, epsRoot, muDtype, nesterov);
  }

  /**
   * Returns AdamW with the defaults of {@link ScaleByAdam#defaults} (b1 = 0.9, b2 = 0.999, eps =
   * 1e-8, epsRoot = 0, without Nesterov momentum) and weightDecay = 1e-4 on all leaves.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static AdamW of(Schedule learningRate) {
    ScaleByAdam adam = ScaleByAdam.defaults();
    return new AdamW(
        learningRate,
        adam.b1(),
        adam.b2(),
        adam.eps(),
        adam.epsRoot(),
        adam.muDtype(),
        new ConstantSchedule(1e-4),
        null,
        adam.nesterov());
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleByAdam(b1, b2, eps, epsRoot, muDtype, nesterov),
        new AddDecayedWeights(weightDecay, mask),
        ScaleByLearningRate.of(learningRate));
  }
}
