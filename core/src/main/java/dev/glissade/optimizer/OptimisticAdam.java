package dev.glissade.optimizer;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.records.Check;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.Scale;
import dev.glissade.transform.ScaleByAdam;
import dev.glissade.transform.ScaleByOptimisticGradient;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * Optimistic Adam with the learning rate as the weight of the update and another number, optimism,
 * as the weight of the difference (Daskalakis et al., "Training GANs with Optimism", 2017, arXiv
 * 1711.00141):
 *
 * <pre>{@code
 * a = adam(g)        u = -(learningRate a + optimism (a - aBefore)), aBefore = a at first
 * }</pre>
 *
 * <p>where adam(g) is the result of {@link ScaleByAdam}. Optax deprecates this form: take {@link
 * OptimisticAdamV2}, whose learning rate multiplies both terms.
 *
 * <p>Differs from Optax as {@link ScaleByAdam} and {@link ScaleByOptimisticGradient} do: the
 * learning rate may be a schedule. State: a chain of the states of {@link ScaleByAdam}, {@link
 * ScaleByOptimisticGradient} and {@link Scale}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate weight of the update; read at count 0 at the first step
 * @param optimism weight of the difference; null for the learning rate
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param eps added to the root of the second moment, not negative
 * @param epsRoot added under the root, not negative
 * @param muDtype the type in which the first moment is stored, not complex; null for the type in
 *     which the parameters are computed
 * @param nesterov whether to use Nesterov momentum
 */
@Withers
public record OptimisticAdam(
    Schedule learningRate,
    @Nullable Double optimism,
    double b1,
    double b2,
    double eps,
    double epsRoot,
    @Nullable DType muDtype,
    boolean nesterov)
    implements Composite<ChainState>, OptimisticAdamWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param optimism finite, or null
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps finite and not negative
   * @param epsRoot finite and not negative
   * @param muDtype a real type, or null
   * @param nesterov true or false
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public OptimisticAdam {
    new ScaleByAdam(b1, b2, eps, epsRoot, muDtype, nesterov);
    if (optimism != null) {
      Check.finite("optimism", optimism);
    }
  }

  /**
   * Returns optimistic Adam with optimism = learningRate, b1 = 0.9, b2 = 0.999, eps = 1e-8, epsRoot
   * = 0 and, as in Optax, Nesterov momentum.
   *
   * @param learningRate weight of the update
   * @return the optimizer
   */
  public static OptimisticAdam of(Schedule learningRate) {
    ScaleByAdam adam = ScaleByAdam.defaults();
    return new OptimisticAdam(
        learningRate, null, adam.b1(), adam.b2(), adam.eps(), adam.epsRoot(), adam.muDtype(), true);
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    Schedule beta = optimism == null ? learningRate : new ConstantSchedule(optimism);
    return Chain.of(
        new ScaleByAdam(b1, b2, eps, epsRoot, muDtype, nesterov),
        new ScaleByOptimisticGradient(learningRate, beta),
        new Scale(-1));
  }
}
