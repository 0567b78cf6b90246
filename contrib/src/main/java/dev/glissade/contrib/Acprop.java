package dev.glissade.contrib;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.AddDecayedWeights;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.withers.Withers;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * ACProp: divides gradients by how far earlier ones were from their mean, with decoupled weight
 * decay:
 *
 * <pre>{@code
 * u = -learningRate (acprop(g) + weightDecay x)
 * }</pre>
 *
 * <p>where acprop(g) is the result of {@link ScaleByAcprop}, which says what differs from Optax and
 * why the second step may be huge. State: a chain of the states of {@link ScaleByAcprop}, {@link
 * AddDecayedWeights} and {@link ScaleByLearningRate}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the scaled gradients and the decay; read at count 0 at the first
 *     step
 * @param b1 decay of the mean, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param eps added to the root of the second moment, not negative
 * @param epsRoot added to the second moment at each step, not negative
 * @param weightDecay decoupled weight decay: the updates contain {@code -learningRate weightDecay
 *     x}
 * @param mask accepts the paths of the leaves that decay; null for all leaves
 * @param floor the least second moment to divide by, not negative; 0 for none
 */
@Withers
public record Acprop(
    Schedule learningRate,
    double b1,
    double b2,
    double eps,
    double epsRoot,
    Schedule weightDecay,
    @Nullable Predicate<String> mask,
    double floor)
    implements Composite<ChainState>, AcpropWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps finite and not negative
   * @param epsRoot finite and not negative
   * @param weightDecay any schedule
   * @param mask any predicate, or null
   * @param floor finite and not negative
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Acprop {
    new ScaleByAcprop(b1, b2, eps, epsRoot, floor);
  }

  /**
   * Returns ACProp with the defaults of {@link ScaleByAcprop#defaults} (b1 = 0.9, b2 = 0.999, eps =
   * epsRoot = 1e-16, no floor) and no weight decay.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Acprop of(Schedule learningRate) {
    ScaleByAcprop scaling = ScaleByAcprop.defaults();
    return new Acprop(
        learningRate,
        scaling.b1(),
        scaling.b2(),
        scaling.eps(),
        scaling.epsRoot(),
        new ConstantSchedule(0),
        null,
        scaling.floor());
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleByAcprop(b1, b2, eps, epsRoot, floor),
        new AddDecayedWeights(weightDecay, mask),
        ScaleByLearningRate.of(learningRate));
  }
}
