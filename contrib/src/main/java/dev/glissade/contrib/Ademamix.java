package dev.glissade.contrib;

import dev.glissade.DType;
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
 * AdEMAMix: AdamW with a second, much slower mean of gradients:
 *
 * <pre>{@code
 * u = -learningRate (ademamix(g) + weightDecay x)
 * }</pre>
 *
 * <p>where ademamix(g) is the result of {@link ScaleByAdemamix}. For long trainings of transformers
 * and other large models. Use the paper's schedules of b3 and alpha with the steps of the whole
 * training:
 *
 * <pre>{@code
 * Contrib.ademamix(1e-3)
 *     .b3(Schedules.ademamixB3Schedule(0.9, 0.9999, steps))
 *     .alpha(Schedules.ademamixAlphaSchedule(5, steps));
 * }</pre>
 *
 * <p>Differs from Optax as {@link ScaleByAdemamix} does. As in Optax alpha is 5 here and 6 in
 * {@link ScaleByAdemamix}. State: a chain of the states of {@link ScaleByAdemamix}, {@link
 * AddDecayedWeights} and {@link ScaleByLearningRate}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the scaled gradients and the decay; read at count 0 at the first
 *     step
 * @param b1 decay of the fast mean, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param b3 decay of the slow mean, in [0, 1); read at count 0 at the first step
 * @param alpha weight of the slow mean; read at count 0 at the first step
 * @param eps added to the root of the second moment, not negative
 * @param epsRoot added under the root, not negative
 * @param muDtype the type in which both means are kept; null for the type in which they are
 *     computed
 * @param weightDecay decoupled weight decay: the updates contain {@code -learningRate weightDecay
 *     x}
 * @param mask accepts the paths of the leaves that decay; null for all leaves
 */
@Withers
public record Ademamix(
    Schedule learningRate,
    double b1,
    double b2,
    Schedule b3,
    Schedule alpha,
    double eps,
    double epsRoot,
    @Nullable DType muDtype,
    Schedule weightDecay,
    @Nullable Predicate<String> mask)
    implements Composite<ChainState>, AdemamixWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param b3 any schedule with values in [0, 1)
   * @param alpha any schedule
   * @param eps finite and not negative
   * @param epsRoot finite and not negative
   * @param muDtype a real type, or null
   * @param weightDecay any schedule
   * @param mask any predicate, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Ademamix {
    new ScaleByAdemamix(b1, b2, b3, alpha, eps, epsRoot, muDtype);
  }

  /**
   * Returns AdEMAMix with the defaults of {@link ScaleByAdemamix#defaults} (b1 = 0.9, b2 = 0.999,
   * b3 = 0.9999, eps = 1e-8, epsRoot = 0), but alpha = 5, and no weight decay.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Ademamix of(Schedule learningRate) {
    ScaleByAdemamix scaling = ScaleByAdemamix.defaults();
    return new Ademamix(
        learningRate,
        scaling.b1(),
        scaling.b2(),
        scaling.b3(),
        new ConstantSchedule(5),
        scaling.eps(),
        scaling.epsRoot(),
        scaling.muDtype(),
        new ConstantSchedule(0),
        null);
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleByAdemamix(b1, b2, b3, alpha, eps, epsRoot, muDtype),
        new AddDecayedWeights(weightDecay, mask),
        ScaleByLearningRate.of(learningRate));
  }
}
