package dev.glissade.optimizer;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.transform.ScaleByPolyak;
import dev.glissade.transform.ScaleByPolyak.Variant;
import dev.glissade.withers.Withers;

/**
 * Gradient descent with Polyak's step size, which comes from the loss:
 *
 * <pre>{@code
 * u = -scaling min(max(f - fMin, 0) / (||g||^2 + eps), maxLearningRate) g
 * }</pre>
 *
 * <p>with f the loss before the step, which the step needs: {@code stepper.step(gradients,
 * Extras.NONE.withValue(loss))}. For models that can fit their data, so that the loss of each batch
 * gets near fMin; elsewhere choose maxLearningRate with care.
 *
 * <p>Differs from Optax as {@link ScaleByPolyak} does, and in that scaling multiplies the step. In
 * Optax it scales the gradient before the norm is taken, so a scaling of 1/2 doubles each step that
 * is below the cap. State: a chain of those of {@link ScaleByPolyak}, which has none, and {@link
 * ScaleByLearningRate}.
 *
 * <p>Takes leaves of any type.
 *
 * @param maxLearningRate the largest factor, positive; infinity for none
 * @param scaling multiplies each step; read at count 0 at the first step
 * @param fMin the least loss that is possible
 * @param eps added to the squared norm, not negative
 * @param variant the name of the method; both are the same here
 */
@Withers
public record PolyakSgd(
    double maxLearningRate, Schedule scaling, double fMin, double eps, Variant variant)
    implements Composite<ChainState>, PolyakSgdWithers {

  /**
   * Checks the arguments.
   *
   * @param maxLearningRate positive
   * @param scaling any schedule
   * @param fMin finite
   * @param eps finite and not negative
   * @param variant any
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public PolyakSgd {
    new ScaleByPolyak(maxLearningRate, fMin, eps, variant);
  }

  /**
   * Returns Polyak's descent with the defaults of {@link ScaleByPolyak#defaults} (maxLearningRate =
   * 1, fMin = 0, eps = 0, variant SPS) and scaling = 1.
   *
   * @return the optimizer
   */
  public static PolyakSgd defaults() {
    ScaleByPolyak polyak = ScaleByPolyak.defaults();
    return new PolyakSgd(
        polyak.maxLearningRate(),
        new ConstantSchedule(1),
        polyak.fMin(),
        polyak.eps(),
        polyak.variant());
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleByPolyak(maxLearningRate, fMin, eps, variant), ScaleByLearningRate.of(scaling));
  }
}
