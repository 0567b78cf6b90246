package dev.glissade.optimizer;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.transform.ScaleByAdam;
import dev.glissade.transform.ScaleByLearningRate;

/**
 * Adam (Kingma and Ba 2014): {@link ScaleByAdam} times -learningRate.
 *
 * @param b1 decay of the first moment
 * @param b2 decay of the second moment
 * @param eps added to the root of the second moment
 * @param epsRoot added under the root
 * @param nesterov whether the first moment looks ahead
 */
public record Adam(
    Schedule learningRate, double b1, double b2, double eps, double epsRoot, boolean nesterov)
    implements Composite<ChainState> {

  public Adam {
    new ScaleByAdam(b1, b2, eps, epsRoot, nesterov);
  }

  /** With the defaults of {@link ScaleByAdam#defaults}. */
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

  /** This with another decay of the first moment. */
  public Adam b1(double b1) {
    return new Adam(learningRate, b1, b2, eps, epsRoot, nesterov);
  }

  /** This with another decay of the second moment. */
  public Adam b2(double b2) {
    return new Adam(learningRate, b1, b2, eps, epsRoot, nesterov);
  }

  /** This with another eps. */
  public Adam eps(double eps) {
    return new Adam(learningRate, b1, b2, eps, epsRoot, nesterov);
  }

  /** This with another eps under the root. */
  public Adam epsRoot(double epsRoot) {
    return new Adam(learningRate, b1, b2, eps, epsRoot, nesterov);
  }

  /** This with Nesterov momentum, or without. */
  public Adam nesterov(boolean nesterov) {
    return new Adam(learningRate, b1, b2, eps, epsRoot, nesterov);
  }
}
