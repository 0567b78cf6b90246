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
 * LaProp: Adam that divides gradients before it takes their mean (Ziyin, Wang and Ueda, "LaProp:
 * Separating Momentum and Adaptivity in Adam", 2020, arXiv 2002.04839):
 *
 * <pre>{@code
 * nu <- b2 nu + (1 - b2) g^2
 * mu <- b1 mu + (1 - b1) g / (sqrt(nu / (1 - b2^t)) + eps)
 * u = -learningRate (mu / (1 - b1^t) + weightDecay x)
 * }</pre>
 *
 * <p>with t the number of this step from 1. For noisy gradients, with the options of Adam; unlike
 * Adam it is stable for any b2, down to 0.
 *
 * <p>As in the paper the learning rate multiplies the mean; the authors' code multiplies what goes
 * into the mean. The decay is AdamW's, times the learning rate. Optax has no counterpart. State: a
 * chain of the states of {@link ScaleByLaprop}, {@link AddDecayedWeights} and {@link
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
 * @param weightDecay decoupled weight decay: the updates contain {@code -learningRate weightDecay
 *     x}
 * @param mask accepts the paths of the leaves that decay; null for all leaves
 */
@Withers
public record LaProp(
    Schedule learningRate,
    double b1,
    double b2,
    double eps,
    Schedule weightDecay,
    @Nullable Predicate<String> mask)
    implements Composite<ChainState>, LaPropWithers {

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
  public LaProp {
    new ScaleByLaprop(b1, b2, eps);
  }

  /**
   * Returns LaProp with the defaults of {@link ScaleByLaprop#defaults} (b1 = 0.9, b2 = 0.999, eps =
   * 1e-15) and no weight decay.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static LaProp of(Schedule learningRate) {
    ScaleByLaprop laprop = ScaleByLaprop.defaults();
    return new LaProp(
        learningRate, laprop.b1(), laprop.b2(), laprop.eps(), new ConstantSchedule(0), null);
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleByLaprop(b1, b2, eps),
        new AddDecayedWeights(weightDecay, mask),
        ScaleByLearningRate.of(learningRate));
  }
}
