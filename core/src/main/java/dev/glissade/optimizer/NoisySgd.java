package dev.glissade.optimizer;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.transform.AddNoise;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.withers.Withers;

/**
 * Gradient descent on noisy gradients (Neelakantan et al. 2015): {@link AddNoise} times
 * -learningRate.
 *
 * @param learningRate multiplies the noisy gradients
 * @param eta variance of the noise at the first step
 * @param gamma how fast the variance falls
 * @param seed of the generator; the original's default is 0, here it must be given
 */
@Withers
public record NoisySgd(Schedule learningRate, double eta, double gamma, long seed)
    implements Composite<ChainState>, NoisySgdWithers {

  public NoisySgd {
    new AddNoise(eta, gamma, seed);
  }

  /** Returns descent with eta = 0.01, gamma = 0.55. */
  public static NoisySgd of(Schedule learningRate, long seed) {
    return new NoisySgd(learningRate, 0.01, 0.55, seed);
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(new AddNoise(eta, gamma, seed), ScaleByLearningRate.of(learningRate));
  }
}
