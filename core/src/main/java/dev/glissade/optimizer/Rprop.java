package dev.glissade.optimizer;

import dev.glissade.GradientTransformation;
import dev.glissade.combine.Composite;
import dev.glissade.transform.ScaleByRprop;
import dev.glissade.transform.ScaleByRprop.ScaleByRpropState;
import dev.glissade.withers.Withers;

/**
 * Rprop: gives each element a step size of its own, which grows while the gradient keeps its sign
 * and shrinks when it changes (Riedmiller and Braun, "A direct adaptive method for faster
 * backpropagation learning: The RPROP algorithm", 1993; this variant: Igel and Huesken, "Empirical
 * evaluation of the improved Rprop learning algorithms", 2003, iRprop-). With p the step before,
 * uphill:
 *
 * <pre>{@code
 * g p > 0:  size <- min(etaPlus size, maxStepSize),   p <- size sign(g)
 * g p < 0:  size <- max(etaMinus size, minStepSize),  p <- 0
 * g p = 0:  size stays,                               p <- size sign(g)
 * u = -p
 * }</pre>
 *
 * <p>For small problems and gradients of the whole data, where it is fast and needs no tuning. Not
 * for minibatches, whose gradients change their signs too often.
 *
 * <p>Differs from Optax as {@link ScaleByRprop} does: Optax 0.2.8 takes each step one call late.
 * State: that of {@link ScaleByRprop}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate the step size before the first step, positive; no schedule
 * @param etaMinus multiplies the step size where the sign changes, in (0, 1)
 * @param etaPlus multiplies the step size where the sign stays, more than 1
 * @param minStepSize the least step size, not negative
 * @param maxStepSize the largest step size, at least minStepSize
 */
@Withers
public record Rprop(
    double learningRate, double etaMinus, double etaPlus, double minStepSize, double maxStepSize)
    implements Composite<ScaleByRpropState>, RpropWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate finite and positive
   * @param etaMinus between 0 and 1
   * @param etaPlus finite and more than 1
   * @param minStepSize finite and not negative
   * @param maxStepSize finite and at least minStepSize
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Rprop {
    new ScaleByRprop(learningRate, etaMinus, etaPlus, minStepSize, maxStepSize);
  }

  /**
   * Returns Rprop with the defaults of {@link ScaleByRprop#of}: etaMinus = 0.5, etaPlus = 1.2,
   * minStepSize = 1e-6, maxStepSize = 50.
   *
   * @param learningRate the step size before the first step, positive; no schedule
   * @return the optimizer
   */
  public static Rprop of(double learningRate) {
    ScaleByRprop rprop = ScaleByRprop.of(learningRate);
    return new Rprop(
        learningRate, rprop.etaMinus(), rprop.etaPlus(), rprop.minStepSize(), rprop.maxStepSize());
  }

  @Override
  public GradientTransformation<ScaleByRpropState> composed() {
    return new ScaleByRprop(learningRate, etaMinus, etaPlus, minStepSize, maxStepSize);
  }
}
