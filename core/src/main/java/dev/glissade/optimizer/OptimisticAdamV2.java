package dev.glissade.optimizer;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.transform.ScaleByAdam;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.transform.ScaleByOptimisticGradient;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * Optimistic Adam: adds to each update of Adam its difference from the one before (Daskalakis et
 * al., "Training GANs with Optimism", 2017, arXiv 1711.00141):
 *
 * <pre>{@code
 * a = adam(g)        u = -learningRate (alpha a + beta (a - aBefore)), aBefore = a at first
 * }</pre>
 *
 * <p>where adam(g) is the result of {@link ScaleByAdam}. For games between two players, such as a
 * generator and its discriminator, where plain gradients go in circles.
 *
 * <p>Differs from Optax as {@link ScaleByAdam} and {@link ScaleByOptimisticGradient} do: alpha and
 * beta may be schedules. State: a chain of the states of {@link ScaleByAdam}, {@link
 * ScaleByOptimisticGradient} and {@link ScaleByLearningRate}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the scaled gradients; read at count 0 at the first step
 * @param alpha weight of the update; read at count 0 at the first step
 * @param beta weight of the difference; read at count 0 at the first step
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param eps added to the root of the second moment, not negative
 * @param epsRoot added under the root, not negative
 * @param muDtype the type in which the first moment is stored, not complex; null for the type in
 *     which the parameters are computed
 * @param nesterov whether to use Nesterov momentum
 */
@Withers
public record OptimisticAdamV2(
    Schedule learningRate,
    Schedule alpha,
    Schedule beta,
    double b1,
    double b2,
    double eps,
    double epsRoot,
    @Nullable DType muDtype,
    boolean nesterov)
    implements Composite<ChainState>, OptimisticAdamV2Withers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param alpha any schedule
   * @param beta any schedule
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps finite and not negative
   * @param epsRoot finite and not negative
   * @param muDtype a real type, or null
   * @param nesterov true or false
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public OptimisticAdamV2 {
    new ScaleByAdam(b1, b2, eps, epsRoot, muDtype, nesterov);
  }

  /**
   * Returns optimistic Adam with alpha = beta = 1, b1 = 0.9, b2 = 0.999, eps = 1e-8, epsRoot = 0
   * and, as in Optax, Nesterov momentum.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static OptimisticAdamV2 of(Schedule learningRate) {
    ScaleByAdam adam = ScaleByAdam.defaults();
    ScaleByOptimisticGradient optimistic = ScaleByOptimisticGradient.defaults();
    return new OptimisticAdamV2(
        learningRate,
        optimistic.alpha(),
        optimistic.beta(),
        adam.b1(),
        adam.b2(),
        adam.eps(),
        adam.epsRoot(),
        adam.muDtype(),
        true);
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleByAdam(b1, b2, eps, epsRoot, muDtype, nesterov),
        new ScaleByOptimisticGradient(alpha, beta),
        ScaleByLearningRate.of(learningRate));
  }
}
