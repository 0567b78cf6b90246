package dev.glissade.optimizer;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.AddDecayedWeights;
import dev.glissade.transform.ScaleByAdam;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.transform.ScaleByTrustRatio;
import dev.glissade.withers.Withers;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * LAMB: AdamW whose steps are relative to the size of each layer, for large batches (You et al.,
 * "Large Batch Optimization for Deep Learning: Training BERT in 76 minutes", 2019, arXiv
 * 1904.00962):
 *
 * <pre>{@code
 * u = -learningRate trust(adam(g) + weightDecay x)
 * }</pre>
 *
 * <p>where adam(g) is the result of {@link ScaleByAdam} and trust that of {@link
 * ScaleByTrustRatio}: it multiplies each leaf by the norm of its parameters over that of its
 * updates.
 *
 * <p>Differs from Optax as these two do; the mask is a predicate on leaf paths. State: a chain of
 * the states of its links.
 *
 * @param learningRate multiplies the scaled gradients; read at count 0 at the first step
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param eps added to the root of the second moment, not negative
 * @param epsRoot added under the root, not negative
 * @param weightDecay decoupled weight decay, before the trust ratio
 * @param mask accepts the paths of the leaves that decay; null for all leaves
 */
@Withers
public record Lamb(
    Schedule learningRate,
    double b1,
    double b2,
    double eps,
    double epsRoot,
    Schedule weightDecay,
    @Nullable Predicate<String> mask)
    implements Composite<ChainState>, LambWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps finite and not negative
   * @param epsRoot finite and not negative
   * @param weightDecay any schedule
   * @param mask any predicate, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Lamb {
    ScaleByAdam.defaults().b1(b1).b2(b2).eps(eps).epsRoot(epsRoot);
  }

  /**
   * Returns LAMB with b1 = 0.9, b2 = 0.999, eps = 1e-6, epsRoot = 0 and no weight decay.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Lamb of(Schedule learningRate) {
    return new Lamb(learningRate, 0.9, 0.999, 1e-6, 0, new ConstantSchedule(0), null);
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        ScaleByAdam.defaults().b1(b1).b2(b2).eps(eps).epsRoot(epsRoot),
        new AddDecayedWeights(weightDecay, mask),
        ScaleByTrustRatio.defaults(),
        ScaleByLearningRate.of(learningRate));
  }
}
