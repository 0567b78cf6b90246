package dev.glissade.optimizer;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.records.Check;
import dev.glissade.transform.Ema;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.transform.ScaleBySign;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * Signum: steps by the signs of a mean of gradients (Bernstein et al., "signSGD: Compressed
 * Optimisation for Non-Convex Problems", 2018, arXiv 1802.04434):
 *
 * <pre>{@code
 * m <- beta m + (1 - beta) g        u = -learningRate sign(m)
 * }</pre>
 *
 * <p>Every element moves by learningRate at each step. {@link Lion} does the same with two decays
 * and weight decay, and is usually the better choice.
 *
 * <p>As in Optax. State: a chain of the states of {@link Ema}, {@link ScaleBySign} and {@link
 * ScaleByLearningRate}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the signs; read at count 0 at the first step
 * @param beta decay of the mean, in [0, 1)
 * @param accumulatorDtype the type in which the mean is stored, not complex; null for the type in
 *     which the parameters are computed
 */
@Withers
public record Signum(Schedule learningRate, double beta, @Nullable DType accumulatorDtype)
    implements Composite<ChainState>, SignumWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param beta in [0, 1)
   * @param accumulatorDtype a real type, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Signum {
    Check.decay("beta", beta);
    new Ema(beta, false, accumulatorDtype);
  }

  /**
   * Returns Signum with beta = 0.9.
   *
   * @param learningRate multiplies the signs
   * @return the optimizer
   */
  public static Signum of(Schedule learningRate) {
    return new Signum(learningRate, 0.9, null);
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new Ema(beta, false, accumulatorDtype),
        new ScaleBySign(),
        ScaleByLearningRate.of(learningRate));
  }
}
