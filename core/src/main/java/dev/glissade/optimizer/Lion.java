package dev.glissade.optimizer;

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
 * Lion (Chen et al. 2023): {@code u = -learningRate (sign((1-b1) g + b1 mu) + weightDecay x)}.
 *
 * @param learningRate multiplies the signs and the decay
 * @param b1 how much of the momentum is in the sign
 * @param b2 decay of the momentum
 * @param weightDecay decoupled: the updates contain {@code -learningRate weightDecay x}
 * @param mask the paths of the leaves that decay; null for all
 */
@Withers
public record Lion(
    Schedule learningRate,
    double b1,
    double b2,
    Schedule weightDecay,
    @Nullable Predicate<String> mask)
    implements Composite<ChainState>, LionWithers {

  public Lion {
    new ScaleByLion(b1, b2);
  }

  /**
   * Returns Lion with the defaults of {@link ScaleByLion#defaults}, weightDecay = 1e-3 on all
   * leaves.
   */
  public static Lion of(Schedule learningRate) {
    ScaleByLion lion = ScaleByLion.defaults();
    return new Lion(learningRate, lion.b1(), lion.b2(), new ConstantSchedule(1e-3), null);
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleByLion(b1, b2),
        new AddDecayedWeights(weightDecay, mask),
        ScaleByLearningRate.of(learningRate));
  }
}
