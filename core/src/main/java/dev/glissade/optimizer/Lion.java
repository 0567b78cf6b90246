package dev.glissade.optimizer;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.AddDecayedWeights;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.transform.ScaleByLion;
import dev.glissade.withers.Withers;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Lion: steps by the sign of a mean of gradients, with decoupled weight decay (Chen et al.,
 * "Symbolic Discovery of Optimization Algorithms", 2023, arXiv 2302.06675):
 *
 * <pre>{@code
 * u = -learningRate (sign(b1 mu + (1 - b1) g) + weightDecay x)        mu <- b2 mu + (1 - b2) g
 * }</pre>
 *
 * <p>Keeps one moment where Adam keeps two. Every element moves by learningRate at each step, so
 * the learning rate should be 3 to 10 times smaller than AdamW's, and the weight decay larger by
 * the same factor (the paper's advice).
 *
 * <p>Differs from Optax in that huge gradients count as smaller ones of either sign, as {@link
 * ScaleByLion} documents, that the momentum of 16-bit parameters is float32, and that the mask is a
 * predicate on leaf paths. {@link ScaleByLion} has two modes that don't jump. State: a chain of the
 * states of {@link ScaleByLion}, {@link AddDecayedWeights} and {@link ScaleByLearningRate}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the signs and the decay; read at count 0 at the first step
 * @param b1 weight of the momentum in the sign, in [0, 1)
 * @param b2 decay of the momentum, in [0, 1)
 * @param muDtype the type in which the momentum is stored, not complex; null for the type in which
 *     the parameters are computed
 * @param weightDecay decoupled weight decay: the updates contain {@code -learningRate weightDecay
 *     x}
 * @param mask accepts the paths of the leaves that decay; null for all leaves
 */
@Withers
public record Lion(
    Schedule learningRate,
    double b1,
    double b2,
    @Nullable DType muDtype,
    Schedule weightDecay,
    @Nullable Predicate<String> mask)
    implements Composite<ChainState>, LionWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param muDtype a real type, or null
   * @param weightDecay any schedule
   * @param mask any predicate, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Lion {
    scaling(b1, b2, muDtype);
  }

  /**
   * Returns Lion with the defaults of {@link ScaleByLion#defaults} (b1 = 0.9, b2 = 0.99) and
   * weightDecay = 1e-3 on all leaves.
   *
   * @param learningRate multiplies the signs and the decay
   * @return the optimizer
   */
  public static Lion of(Schedule learningRate) {
    ScaleByLion lion = ScaleByLion.defaults();
    return new Lion(
        learningRate, lion.b1(), lion.b2(), lion.muDtype(), new ConstantSchedule(1e-3), null);
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        scaling(b1, b2, muDtype),
        new AddDecayedWeights(weightDecay, mask),
        ScaleByLearningRate.of(learningRate));
  }

  private static ScaleByLion scaling(double b1, double b2, @Nullable DType muDtype) {
    return ScaleByLion.defaults().b1(b1).b2(b2).muDtype(muDtype);
  }
}
