package dev.glissade.optimizer;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.records.Check;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.transform.ScaleBySm3;
import dev.glissade.withers.Withers;

/**
 * SM3: Adagrad with momentum that keeps one number for each row and column of a matrix in place of
 * one for each element (Anil et al., "Memory-Efficient Adaptive Optimization", 2019, arXiv
 * 1901.11150):
 *
 * <pre>{@code
 * u = -learningRate sm3(g)
 * }</pre>
 *
 * <p>where sm3(g) is the result of {@link ScaleBySm3} with b2 = 1. Differs from Optax as that does,
 * and in that the learning rate may be a schedule.
 *
 * @param learningRate multiplies the scaled gradients; read at count 0 at the first step
 * @param momentum decay of the momentum, in [0, 1)
 */
@Withers
public record Sm3(Schedule learningRate, double momentum)
    implements Composite<ChainState>, Sm3Withers {

  /**
   * Checks the momentum.
   *
   * @param learningRate any schedule
   * @param momentum in [0, 1)
   * @throws IllegalArgumentException if momentum is not in [0, 1)
   */
  public Sm3 {
    Check.decay("momentum", momentum);
  }

  /**
   * Returns SM3 with a momentum of 0.9.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Sm3 of(Schedule learningRate) {
    return new Sm3(learningRate, ScaleBySm3.defaults().b1());
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(ScaleBySm3.defaults().b1(momentum), ScaleByLearningRate.of(learningRate));
  }
}
