package dev.glissade.optimizer;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.transform.ScaleByAdam;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.withers.Withers;

/**
 * Adam (Kingma and Ba 2014): {@link ScaleByAdam} times -learningRate.
 *
 * @param learningRate multiplies the scaled gradients
 * @param b1 decay of the first moment
 * @param b2 decay of the second moment
 * @param eps added to the root of the second moment
 * @param epsRoot added under the root
 * @param nesterov whether to use Nesterov momentum
 */
@Withers
public record Adam(
    Schedule learningRate, double b1, double b2, double eps, double epsRoot, boolean nesterov)
    implements Composite<ChainState>, AdamWithers {

  public Adam {
    new ScaleByAdam(b1, b2, eps, epsRoot, nesterov);
  }

  /** Returns Adam with the defaults of {@link ScaleByAdam#defaults}. */
  public static Adam of(Schedule learningRate) {
    ScaleByAdam adam = ScaleByAdam.defaults();
    return new Adam(
        learningRate, adam.b1(), adam.b2(), adam.eps(), adam.epsRoot(), adam.nesterov());
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleByAdam(b1, b2, eps, epsRoot, nesterov), ScaleByLearningRate.of(learningRate));
  }
}
