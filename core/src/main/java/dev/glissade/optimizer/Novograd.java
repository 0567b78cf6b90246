package dev.glissade.optimizer;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.transform.ScaleByNovograd;
import dev.glissade.withers.Withers;

/**
 * NovoGrad: Adam with one second moment for each layer (Ginsburg et al., "Stochastic Gradient
 * Methods with Layer-wise Adaptive Moments for Training of Deep Networks", 2019, arXiv 1905.11286):
 *
 * <pre>{@code
 * u = -learningRate novograd(g)
 * }</pre>
 *
 * <p>where novograd(g) is the result of {@link ScaleByNovograd}, which contains the weight decay.
 * It needs half the memory of Adam. Differs from Optax as that does.
 *
 * @param learningRate multiplies the scaled gradients; read at count 0 at the first step
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param eps added to the root of the second moment, not negative
 * @param epsRoot added under the root, not negative
 * @param weightDecay weight decay, added to the first moment, finite
 */
@Withers
public record Novograd(
    Schedule learningRate, double b1, double b2, double eps, double epsRoot, double weightDecay)
    implements Composite<ChainState>, NovogradWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps finite and not negative
   * @param epsRoot finite and not negative
   * @param weightDecay finite
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Novograd {
    new ScaleByNovograd(b1, b2, eps, epsRoot, weightDecay, null);
  }

  /**
   * Returns NovoGrad with b1 = 0.9, b2 = 0.25, eps = 1e-6, epsRoot = 0 and no weight decay.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Novograd of(Schedule learningRate) {
    ScaleByNovograd core = ScaleByNovograd.defaults();
    return new Novograd(
        learningRate, core.b1(), core.b2(), 1e-6, core.epsRoot(), core.weightDecay());
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleByNovograd(b1, b2, eps, epsRoot, weightDecay, null),
        ScaleByLearningRate.of(learningRate));
  }
}
