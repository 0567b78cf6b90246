package dev.glissade.optimizer;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.AddDecayedWeights;
import dev.glissade.transform.ScaleByAdamax;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.withers.Withers;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * {@link Adamax} with decoupled weight decay, as {@link AdamW} is Adam with it (Loshchilov and
 * Hutter, "Decoupled Weight Decay Regularization", 2017, arXiv 1711.05101):
 *
 * <pre>{@code
 * u = -learningRate (adamax(g) + weightDecay x)
 * }</pre>
 *
 * <p>where adamax(g) is the result of {@link ScaleByAdamax}. As in Optax the decay is multiplied by
 * the learning rate. Exclude biases and the scales of normalization layers with the mask.
 *
 * <p>Differs from Optax as {@link ScaleByAdamax} does; the mask is a predicate on leaf paths, not a
 * tree. State: a chain of the states of {@link ScaleByAdamax}, {@link AddDecayedWeights} and {@link
 * ScaleByLearningRate}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the scaled gradients and the decay; read at count 0 at the first
 *     step
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the maximum, in [0, 1)
 * @param eps added to the size of each gradient, not negative
 * @param weightDecay decoupled weight decay: the updates contain {@code -learningRate weightDecay
 *     x}
 * @param mask accepts the paths of the leaves that decay; null for all leaves
 */
@Withers
public record AdamaxW(
    Schedule learningRate,
    double b1,
    double b2,
    double eps,
    Schedule weightDecay,
    @Nullable Predicate<String> mask)
    implements Composite<ChainState>, AdamaxWWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps finite and not negative
   * @param weightDecay any schedule
   * @param mask any predicate, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public AdamaxW {
    new ScaleByAdamax(b1, b2, eps);
  }

  /**
   * Returns Adamax with the defaults of {@link ScaleByAdamax#defaults} (b1 = 0.9, b2 = 0.999, eps =
   * 1e-8) and weightDecay = 1e-4 on all leaves.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static AdamaxW of(Schedule learningRate) {
    ScaleByAdamax adamax = ScaleByAdamax.defaults();
    return new AdamaxW(
        learningRate, adamax.b1(), adamax.b2(), adamax.eps(), new ConstantSchedule(1e-4), null);
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleByAdamax(b1, b2, eps),
        new AddDecayedWeights(weightDecay, mask),
        ScaleByLearningRate.of(learningRate));
  }
}
