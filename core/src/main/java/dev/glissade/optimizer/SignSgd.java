package dev.glissade.optimizer;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.transform.ScaleBySign;
import dev.glissade.withers.Withers;

/**
 * signSGD: steps by the signs of gradients (Bernstein et al., "signSGD: Compressed Optimisation for
 * Non-Convex Problems", 2018, arXiv 1802.04434):
 *
 * <pre>{@code
 * u = -learningRate sign(g)
 * }</pre>
 *
 * <p>Every element moves by learningRate at each step, so let a schedule lower it. With momentum
 * use {@link Signum}.
 *
 * <p>As in Optax. State: a chain of the states of {@link ScaleBySign}, which is empty, and {@link
 * ScaleByLearningRate}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the signs; read at count 0 at the first step
 */
@Withers
public record SignSgd(Schedule learningRate) implements Composite<ChainState>, SignSgdWithers {

  /**
   * Returns signSGD.
   *
   * @param learningRate multiplies the signs
   * @return the optimizer
   */
  public static SignSgd of(Schedule learningRate) {
    return new SignSgd(learningRate);
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(new ScaleBySign(), ScaleByLearningRate.of(learningRate));
  }
}
