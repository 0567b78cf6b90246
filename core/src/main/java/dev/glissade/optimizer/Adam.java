package dev.glissade.optimizer;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.transform.ScaleByAdam;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * Adam: divides the mean of the gradients by the root of the mean of their squares (Kingma and Ba,
 * "Adam: A Method for Stochastic Optimization", 2014, arXiv 1412.6980):
 *
 * <pre>{@code
 * mu <- b1 mu + (1 - b1) g        nu <- b2 nu + (1 - b2) g^2
 * u = -learningRate (mu / (1 - b1^t)) / (sqrt(nu / (1 - b2^t) + epsRoot) + eps)
 * }</pre>
 *
 * <p>A good first choice for most models. Each step is about learningRate in each element, whatever
 * the scale of the gradients. With weight decay use {@link AdamW}. With {@code nesterov} it is
 * NAdam, which {@code Optimizers.nadam} returns (Dozat, "Incorporating Nesterov Momentum into
 * Adam", 2016).
 *
 * <p>Differs from Optax in that huge gradients do not overflow when they are squared, and moments
 * of 16-bit parameters are float32. State: a chain of the states of {@link ScaleByAdam} and {@link
 * ScaleByLearningRate}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the scaled gradients; read at count 0 at the first step
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param eps added to the root of the second moment, not negative
 * @param epsRoot added under the root, not negative; positive where steps are differentiated
 * @param muDtype the type in which the first moment is stored, not complex; null for the type in
 *     which the parameters are computed
 * @param nesterov whether to use Nesterov momentum
 */
@Withers
public record Adam(
    Schedule learningRate,
    double b1,
    double b2,
    double eps,
    double epsRoot,
    @Nullable DType muDtype,
    boolean nesterov)
    implements Composite<ChainState>, AdamWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps finite and not negative
   * @param epsRoot finite and not negative
   * @param muDtype a real type, or null
   * @param nesterov true or false
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Adam {
    new ScaleByAdam(b1, b2, eps, epsRoot, muDtype, nesterov);
  }

  /**
   * Returns Adam with the defaults of {@link ScaleByAdam#defaults}: b1 = 0.9, b2 = 0.999, eps =
   * 1e-8, epsRoot = 0, without Nesterov momentum.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Adam of(Schedule learningRate) {
    ScaleByAdam adam = ScaleByAdam.defaults();
    return new Adam(
        learningRate,
        adam.b1(),
        adam.b2(),
        adam.eps(),
        adam.epsRoot(),
        adam.muDtype(),
        adam.nesterov());
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleByAdam(b1, b2, eps, epsRoot, muDtype, nesterov),
        ScaleByLearningRate.of(learningRate));
  }
}
