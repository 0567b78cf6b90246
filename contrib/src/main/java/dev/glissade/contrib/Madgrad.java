package dev.glissade.contrib;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.AddDecayedWeights;
import dev.glissade.withers.Withers;

/**
 * MADGRAD: adaptive steps by dual averaging, for problems where Adam generalizes worse than SGD,
 * such as image classification and reconstruction:
 *
 * <pre>{@code
 * u = madgrad(g + weightDecay x)
 * }</pre>
 *
 * <p>where madgrad(g) is the result of {@link ScaleByMadgrad}, which says what differs from Optax.
 * Usual weight decays are far too large here, even 0; the learning rate needs a tuning of its own,
 * from 1e-4 to 1e-2. State: a chain of the states of {@link AddDecayedWeights} and {@link
 * ScaleByMadgrad}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate weighs the gradients; read at count 0 at the first step
 * @param momentum how much of the way to the dual average a step does not go, in [0, 1)
 * @param weightDecay L2 penalty, added to gradients as weightDecay x
 * @param eps added to the learning rate and to the cube root, positive
 */
@Withers
public record Madgrad(Schedule learningRate, double momentum, Schedule weightDecay, double eps)
    implements Composite<ChainState>, MadgradWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param momentum in [0, 1)
   * @param weightDecay any schedule
   * @param eps positive and finite
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Madgrad {
    new ScaleByMadgrad(learningRate, momentum, eps);
  }

  /**
   * Returns MADGRAD with the defaults of {@link ScaleByMadgrad#of} (momentum = 0.9, eps = 1e-6) and
   * no weight decay.
   *
   * @param learningRate weighs the gradients
   * @return the optimizer
   */
  public static Madgrad of(Schedule learningRate) {
    ScaleByMadgrad scaling = ScaleByMadgrad.of(learningRate);
    return new Madgrad(learningRate, scaling.momentum(), new ConstantSchedule(0), scaling.eps());
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        AddDecayedWeights.of(weightDecay), new ScaleByMadgrad(learningRate, momentum, eps));
  }
}
