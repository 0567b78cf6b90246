package dev.glissade.contrib;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Composite;
import dev.glissade.contrib.ScheduleFree.ScheduleFreeState;
import dev.glissade.optimizer.Sgd;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.AddDecayedWeights;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * {@link ScheduleFree} gradient descent: {@code ub = -learningRate (g + weightDecay y)}.
 *
 * <p>Evaluate and save {@code stepper.evalParams()}. Start with a learning rate that is larger than
 * with a schedule, 1 to 10 times a usual one with momentum, and warm up for a few percent of the
 * steps. Differs from Optax as {@link ScheduleFree} does.
 *
 * @param learningRate multiplies the gradients; best a constant. Read at count 0 at the first step
 * @param warmupSteps the number of steps in which the learning rate rises from 0, at least 1; null
 *     for none
 * @param b1 how close the stepped point is to the average, in (0, 1]
 * @param weightDecay the decay at the stepped point, times the learning rate; null for none
 * @param weightLrPower the power of the learning rate that is the weight of an iterate, finite
 * @param stateDtype the type of z; null for the type in which the parameters are computed
 */
@Withers
public record ScheduleFreeSgd(
    Schedule learningRate,
    @Nullable Integer warmupSteps,
    double b1,
    @Nullable Double weightDecay,
    double weightLrPower,
    @Nullable DType stateDtype)
    implements Composite<ScheduleFreeState>, ScheduleFreeSgdWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param warmupSteps at least 1, or null
   * @param b1 in (0, 1]
   * @param weightDecay finite, or null
   * @param weightLrPower finite
   * @param stateDtype any type, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScheduleFreeSgd {
    WarmedUp.check(warmupSteps);
    if (weightDecay != null) {
      ConstantSchedule.named("weightDecay", weightDecay);
    }
    new ScheduleFree(Chain.of(), learningRate, b1, weightLrPower, stateDtype);
  }

  /**
   * Returns Schedule-Free descent with learningRate = 1, no warm-up, b1 = 0.9, no weight decay and
   * weightLrPower = 2.
   *
   * @return the optimizer
   */
  public static ScheduleFreeSgd defaults() {
    return new ScheduleFreeSgd(new ConstantSchedule(1), null, 0.9, null, 2, null);
  }

  @Override
  public GradientTransformation<ScheduleFreeState> composed() {
    Schedule rate = WarmedUp.of(learningRate, warmupSteps);
    Sgd sgd = Sgd.of(rate);
    GradientTransformation<?> base =
        weightDecay == null
            ? sgd
            : Chain.of(AddDecayedWeights.of(new ConstantSchedule(weightDecay)), sgd);
    return new ScheduleFree(base, rate, b1, weightLrPower, stateDtype);
  }
}
