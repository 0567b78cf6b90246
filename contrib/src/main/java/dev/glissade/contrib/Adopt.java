package dev.glissade.contrib;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * ADOPT: Adam that converges for any b2, since it divides a gradient by earlier ones only:
 *
 * <pre>{@code
 * u = -learningRate adopt(g)
 * }</pre>
 *
 * <p>where adopt(g) is the result of {@link ScaleByAdopt}, which says what differs from Optax. Use
 * it in place of Adam, with the same learning rate; the first step moves nothing. It has no weight
 * decay: put {@code addDecayedWeights} between {@link ScaleByAdopt} and {@code scaleByLearningRate}
 * for one. State: a chain of the states of {@link ScaleByAdopt} and {@link ScaleByLearningRate}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the scaled gradients; read at count 0 at the first step
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param eps the least divisor, positive
 * @param muDtype the type in which the first moment is kept; null for the type in which it is
 *     computed
 * @param nesterov whether to use Nesterov momentum
 * @param useClipping whether to clip scaled gradients
 * @param clipValueFn the bound of scaled gradients as a function of the number of steps taken
 */
@Withers
public record Adopt(
    Schedule learningRate,
    double b1,
    double b2,
    double eps,
    @Nullable DType muDtype,
    boolean nesterov,
    boolean useClipping,
    Schedule clipValueFn)
    implements Composite<ChainState>, AdoptWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps positive and finite
   * @param muDtype a real type, or null
   * @param nesterov true or false
   * @param useClipping true or false
   * @param clipValueFn any schedule
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Adopt {
    new ScaleByAdopt(b1, b2, eps, muDtype, nesterov, useClipping, clipValueFn);
  }

  /**
   * Returns ADOPT with the defaults of {@link ScaleByAdopt#defaults}: b1 = 0.9, b2 = 0.9999, eps =
   * 1e-6, no Nesterov momentum, and clipping at the fourth root of the number of steps taken.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Adopt of(Schedule learningRate) {
    ScaleByAdopt scaling = ScaleByAdopt.defaults();
    return new Adopt(
        learningRate,
        scaling.b1(),
        scaling.b2(),
        scaling.eps(),
        scaling.muDtype(),
        scaling.nesterov(),
        scaling.useClipping(),
        scaling.clipValueFn());
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleByAdopt(b1, b2, eps, muDtype, nesterov, useClipping, clipValueFn),
        ScaleByLearningRate.of(learningRate));
  }
}
