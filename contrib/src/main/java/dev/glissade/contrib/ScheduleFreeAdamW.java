package dev.glissade.contrib;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Composite;
import dev.glissade.contrib.ScheduleFree.ScheduleFreeState;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.AddDecayedWeights;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.transform.ScaleByRms;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * {@link ScheduleFree} AdamW: the winner of the self-tuning track of AlgoPerf 2024. With v the mean
 * of squared gradients:
 *
 * <pre>{@code
 * ub = -learningRate (g / (sqrt(v / (1 - b2^t)) + eps) + weightDecay y)
 * }</pre>
 *
 * <p>Evaluate and save {@code stepper.evalParams()}. The authors advise a constant learning rate of
 * 1 to 10 times AdamW's with a schedule, a warm-up of about 5 percent of the steps, and b1 = 0.9,
 * or 0.95 to 0.98 for long trainings. Differs from Optax as {@link ScheduleFree} does.
 *
 * @param learningRate multiplies the scaled gradients and the decay; best a constant. Read at count
 *     0 at the first step
 * @param warmupSteps the number of steps in which the learning rate rises from 0, at least 1; null
 *     for none
 * @param b1 how close the stepped point is to the average, in (0, 1]
 * @param b2 decay of the second moment, in [0, 1)
 * @param eps added to the root of the second moment, not negative
 * @param weightDecay the decay at the stepped point, times the learning rate
 * @param weightLrPower the power of the learning rate that is the weight of an iterate, finite
 * @param stateDtype the type of z; null for the type in which the parameters are computed
 */
@Withers
public record ScheduleFreeAdamW(
    Schedule learningRate,
    @Nullable Integer warmupSteps,
    double b1,
    double b2,
    double eps,
    double weightDecay,
    double weightLrPower,
    @Nullable DType stateDtype)
    implements Composite<ScheduleFreeState>, ScheduleFreeAdamWWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param warmupSteps at least 1, or null
   * @param b1 in (0, 1]
   * @param b2 in [0, 1)
   * @param eps finite and not negative
   * @param weightDecay finite
   * @param weightLrPower finite
   * @param stateDtype any type, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScheduleFreeAdamW {
    WarmedUp.check(warmupSteps);
    scaled(b2, eps);
    ConstantSchedule.named("weightDecay", weightDecay);
    new ScheduleFree(Chain.of(), learningRate, b1, weightLrPower, stateDtype);
  }

  /**
   * Returns Schedule-Free AdamW with learningRate = 0.0025, no warm-up, b1 = 0.9, b2 = 0.999, eps =
   * 1e-8, no weight decay and weightLrPower = 2.
   *
   * @return the optimizer
   */
  public static ScheduleFreeAdamW defaults() {
    return new ScheduleFreeAdamW(new ConstantSchedule(0.0025), null, 0.9, 0.999, 1e-8, 0, 2, null);
  }

  private static ScaleByRms scaled(double b2, double eps) {
    return new ScaleByRms(b2, eps, 0, false, true);
  }

  @Override
  public GradientTransformation<ScheduleFreeState> composed() {
    Schedule rate = WarmedUp.of(learningRate, warmupSteps);
    GradientTransformation<?> base =
        Chain.of(
            scaled(b2, eps),
            AddDecayedWeights.of(new ConstantSchedule(weightDecay)),
            ScaleByLearningRate.of(rate));
    return new ScheduleFree(base, rate, b1, weightLrPower, stateDtype);
  }
}
