package dev.glissade.optimizer;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.AddDecayedWeights;
import dev.glissade.transform.ScaleByAdadelta;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.withers.Withers;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Adadelta: scales gradients by the ratio of the root mean squares of updates and of gradients
 * (Zeiler, "ADADELTA: An Adaptive Learning Rate Method", 2012, arXiv 1212.5701):
 *
 * <pre>{@code
 * h = g + weightDecay x               eG <- rho eG + (1 - rho) h^2
 * s = sqrt(eX + eps) / sqrt(eG + eps) h       eX <- rho eX + (1 - rho) s^2
 * u = -learningRate s
 * }</pre>
 *
 * <p>An early method without a learning rate: the paper's is 1, and many need other ones. Its first
 * steps have the size of sqrt(eps). Today {@code Prodigy} of {@code dev.glissade.contrib} does
 * better.
 *
 * <p>As in Optax the decay is an L2 penalty: it comes first. Differs from Optax in that the
 * learning rate must be given: without one Optax leaves out the sign, too, and climbs. It also
 * differs as {@link ScaleByAdadelta} does. State: a chain of the states of {@link
 * AddDecayedWeights}, {@link ScaleByAdadelta} and {@link ScaleByLearningRate}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the scaled gradients; read at count 0 at the first step
 * @param rho decay of both means, in [0, 1)
 * @param eps added under both roots, positive
 * @param weightDecay weight of the parameters that are added to the gradients
 * @param weightDecayMask accepts the paths of the leaves that decay; null for all leaves
 */
@Withers
public record Adadelta(
    Schedule learningRate,
    double rho,
    double eps,
    Schedule weightDecay,
    @Nullable Predicate<String> weightDecayMask)
    implements Composite<ChainState>, AdadeltaWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param rho in [0, 1)
   * @param eps finite and positive
   * @param weightDecay any schedule
   * @param weightDecayMask any predicate, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Adadelta {
    new ScaleByAdadelta(rho, eps);
  }

  /**
   * Returns Adadelta with the defaults of {@link ScaleByAdadelta#defaults} (rho = 0.9, eps = 1e-6)
   * and no weight decay.
   *
   * @param learningRate multiplies the scaled gradients; 1 in the paper
   * @return the optimizer
   */
  public static Adadelta of(Schedule learningRate) {
    ScaleByAdadelta adadelta = ScaleByAdadelta.defaults();
    return new Adadelta(
        learningRate, adadelta.rho(), adadelta.eps(), new ConstantSchedule(0), null);
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new AddDecayedWeights(weightDecay, weightDecayMask),
        new ScaleByAdadelta(rho, eps),
        ScaleByLearningRate.of(learningRate));
  }
}
