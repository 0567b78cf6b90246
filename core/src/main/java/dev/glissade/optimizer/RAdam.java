package dev.glissade.optimizer;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.transform.ScaleByRadam;
import dev.glissade.withers.Withers;

/**
 * RAdam: Adam that warms up by itself (Liu et al., "On the Variance of the Adaptive Learning Rate
 * and Beyond", 2019, arXiv 1908.03265):
 *
 * <pre>{@code
 * R = 2 / (1 - b2) - 1        r = R - 2 t b2^t / (1 - b2^t)
 * u = -learningRate c adam(g),  c = sqrt((r-4) (r-2) R / ((R-4) r)), if r >= threshold
 * u = -learningRate mu / (1 - b1^t)  else
 * }</pre>
 *
 * <p>where adam(g) is the result of {@code ScaleByAdam} and mu its first moment. With b2 = 0.999
 * the first five steps are as large as gradients are. Take it where Adam needs a warm-up and you
 * don't want to tune one.
 *
 * <p>Differs from Optax as {@link ScaleByRadam} does: it refuses a threshold below 4. State: a
 * chain of the states of {@link ScaleByRadam} and {@link ScaleByLearningRate}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the scaled gradients; read at count 0 at the first step
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param eps added to the root of the second moment, not negative
 * @param epsRoot added under the root, not negative
 * @param threshold the least r, the length of the mean, at which gradients are divided, at least 4
 * @param nesterov whether to use Nesterov momentum
 */
@Withers
public record RAdam(
    Schedule learningRate,
    double b1,
    double b2,
    double eps,
    double epsRoot,
    double threshold,
    boolean nesterov)
    implements Composite<ChainState>, RAdamWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps finite and not negative
   * @param epsRoot finite and not negative
   * @param threshold at least 4
   * @param nesterov true or false
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public RAdam {
    new ScaleByRadam(b1, b2, eps, epsRoot, threshold, nesterov);
  }

  /**
   * Returns RAdam with the defaults of {@link ScaleByRadam#defaults}: b1 = 0.9, b2 = 0.999, eps =
   * 1e-8, epsRoot = 0, threshold = 5, without Nesterov momentum.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static RAdam of(Schedule learningRate) {
    ScaleByRadam radam = ScaleByRadam.defaults();
    return new RAdam(
        learningRate,
        radam.b1(),
        radam.b2(),
        radam.eps(),
        radam.epsRoot(),
        radam.threshold(),
        radam.nesterov());
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleByRadam(b1, b2, eps, epsRoot, threshold, nesterov),
        ScaleByLearningRate.of(learningRate));
  }
}
