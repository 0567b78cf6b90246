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
 * Gradient descent with annealed noise (Neelakantan et al., "Adding Gradient Noise Improves
 * Learning for Very Deep Networks", 2015, arXiv 1511.06807):
 *
 * <pre>{@code
 * u = -learningRate (g + sqrt(eta / t^gamma) N(0, 1))
 * }</pre>
 *
 * <p>with t the number of the step from 1. For very deep networks that are hard to train from a
 * poor start. The noise does not make training private; see {@code PrivateTraining} in {@code
 * dev.glissade.privacy} for that.
 *
 * <p>Differs from Optax in that the seed must be given, where Optax's is 0 by default; one seed
 * gives the same noise here and there. State: a chain of the states of {@link AddNoise} and {@link
 * ScaleByLearningRate}.
 *
 * @param learningRate multiplies the noisy gradients; read at count 0 at the first step
 * @param eta variance of the noise at the first step, not negative
 * @param gamma exponent with which the variance decays
 * @param seed the seed of the random generator
 */
@Withers
public record NoisySgd(Schedule learningRate, double eta, double gamma, long seed)
    implements Composite<ChainState>, NoisySgdWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param eta finite and not negative
   * @param gamma finite
   * @param seed any number
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public NoisySgd {
    new AddNoise(eta, gamma, seed);
  }

  /**
   * Returns noisy descent with eta = 0.01 and gamma = 0.55.
   *
   * @param learningRate multiplies the noisy gradients
   * @param seed the seed of the random generator
   * @return the optimizer
   */
  public static NoisySgd of(Schedule learningRate, long seed) {
    return new NoisySgd(learningRate, 0.01, 0.55, seed);
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(new AddNoise(eta, gamma, seed), ScaleByLearningRate.of(learningRate));
  }
}
