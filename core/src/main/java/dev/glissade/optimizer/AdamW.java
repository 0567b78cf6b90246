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
import dev.glissade.withers.Withers;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * AdamW (Loshchilov and Hutter 2017): {@code u = -learningRate (adam(g) + weightDecay x)}.
 *
 * @param learningRate multiplies the scaled gradients and the decay
 * @param b1 decay of the first moment
 * @param b2 decay of the second moment
 * @param eps added to the root of the second moment
 * @param epsRoot added under the root
 * @param weightDecay decoupled: the updates contain {@code -learningRate weightDecay x}
 * @param mask the paths of the leaves that decay; null for all
 * @param nesterov whether to use Nesterov momentum
 */
@Withers
public record AdamW(
    Schedule learningRate,
    double b1,
    double b2,
    double eps,
    double epsRoot,
    Schedule weightDecay,
    @Nullable Predicate<String> mask,
    boolean nesterov)
    implements Composite<ChainState>, AdamWWithers {

  public AdamW {
    new ScaleByAdam(b1, b2, eps, epsRoot, nesterov);
  }

  /**
   * Returns AdamW with the defaults of {@link ScaleByAdam#defaults}, weightDecay = 1e-4 on all
   * leaves.
   */
  public static AdamW of(Schedule learningRate) {
    ScaleByAdam adam = ScaleByAdam.defaults();
    return new AdamW(
        learningRate,
        adam.b1(),
        adam.b2(),
        adam.eps(),
        adam.epsRoot(),
        new ConstantSchedule(1e-4),
        null,
        adam.nesterov());
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleByAdam(b1, b2, eps, epsRoot, nesterov),
        new AddDecayedWeights(weightDecay, mask),
        ScaleByLearningRate.of(learningRate));
  }
}
