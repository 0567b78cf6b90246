package dev.glissade.optimizer;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.combine.Identity;
import dev.glissade.records.Check;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.transform.Trace;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * Stochastic gradient descent, optionally with momentum (Sutskever et al., "On the importance of
 * initialization and momentum in deep learning", 2013):
 *
 * <pre>{@code
 * u = -learningRate g
 * with momentum:  p <- g + momentum p, u = -learningRate p
 * with Nesterov:  p <- g + momentum p, u = -learningRate (g + momentum p)
 * }</pre>
 *
 * <p>Needs no memory without momentum, and a tuned learning rate always. As in Optax the momentum
 * is a sum, not a mean, of gradients: with momentum 0.9 steps grow to 10 times their size, so lower
 * the learning rate when you add momentum.
 *
 * <p>Updates are as large as the arithmetic makes them: huge gradients are not tamed, as Adam's
 * are; put {@code clipByGlobalNorm} in front where they occur. State: a chain of the states of
 * {@link Trace}, if there is momentum, and {@link ScaleByLearningRate}.
 *
 * <p>Differs from Optax in that a learning rate of 0 gives updates of 0, even for a NaN or an
 * infinity, and that the momentum of 16-bit parameters is float32.
 *
 * @param learningRate multiplies the gradients or their momentum; read at count 0 at the first step
 * @param momentum decay of the momentum, not negative; null for no momentum
 * @param nesterov whether to use Nesterov momentum; without effect if momentum is null
 * @param accumulatorDtype the type in which the momentum is stored, not complex; null for the type
 *     in which the parameters are computed; without effect if momentum is null
 */
@Withers
public record Sgd(
    Schedule learningRate,
    @Nullable Double momentum,
    boolean nesterov,
    @Nullable DType accumulatorDtype)
    implements Composite<ChainState>, SgdWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param momentum finite and not negative, or null
   * @param nesterov true or false
   * @param accumulatorDtype a real type, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Sgd {
    if (momentum != null) {
      Check.notNegative("momentum", momentum);
    }
    new Trace(0, nesterov, accumulatorDtype);
  }

  /**
   * Returns gradient descent without momentum.
   *
   * @param learningRate multiplies the gradients
   * @return the optimizer
   */
  public static Sgd of(Schedule learningRate) {
    return new Sgd(learningRate, null, false, null);
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        momentum == null ? new Identity() : new Trace(momentum, nesterov, accumulatorDtype),
        ScaleByLearningRate.of(learningRate));
  }
}
