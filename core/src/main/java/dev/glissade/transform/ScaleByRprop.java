package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Replaces gradients by their sign times a step size for each element, as Rprop does (Riedmiller
 * and Braun, "A direct adaptive method for faster backpropagation learning: The RPROP algorithm",
 * 1993; this variant: Igel and Huesken, "Empirical evaluation of the improved Rprop learning
 * algorithms", 2003, iRprop-). With p the step before, uphill:
 *
 * <pre>{@code
 * g p > 0:  size <- min(etaPlus size, maxStepSize),   p <- size sign(g)
 * g p < 0:  size <- max(etaMinus size, minStepSize),  p <- 0
 * g p = 0:  size stays,                               p <- size sign(g)
 * u = -p
 * }</pre>
 *
 * <p>So steps grow while a gradient keeps its sign and shrink when it changes. The sizes of
 * gradients do not matter. Only for gradients of the whole data: the signs of minibatches change
 * too often. Updates point downhill already: no learning rate follows.
 *
 * <p>Differs from Optax in three ways. Optax 0.2.8 returns the p of the step before, so that each
 * step is one call late and the first is 0 (issue 1725 there). Sizes are within the bounds from the
 * first step on; there a learning rate outside them lasts until a gradient has a sign twice. And
 * sizes for 16-bit parameters are float32, not 16-bit.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate the step size before the first step, positive
 * @param etaMinus multiplies the step size where the sign changes, in (0, 1)
 * @param etaPlus multiplies the step size where the sign stays, more than 1
 * @param minStepSize the least step size, not negative
 * @param maxStepSize the largest step size, at least minStepSize
 */
@Withers
public record ScaleByRprop(
    double learningRate, double etaMinus, double etaPlus, double minStepSize, double maxStepSize)
    implements GradientTransformation<ScaleByRprop.ScaleByRpropState>, ScaleByRpropWithers {

  /**
   * The state of {@link ScaleByRprop}.
   *
   * @param stepSizes the step size of each element, which starts at the learning rate
   * @param prevUpdates minus the updates of the step before, which start at 0
   */
  public record ScaleByRpropState(Tree stepSizes, Tree prevUpdates) {}

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
  public ScaleByRprop {
    Check.positive("learningRate", learningRate);
    Check.that(etaMinus > 0 && etaMinus < 1, "etaMinus must be in (0, 1)", etaMinus);
    Check.that(etaPlus > 1 && etaPlus < 1 / 0.0, "etaPlus must be more than 1", etaPlus);
    Check.notNegative("minStepSize", minStepSize);
    Check.finite("maxStepSize", maxStepSize);
    Check.that(
        maxStepSize >= minStepSize,
        "maxStepSize must be at least minStepSize, " + minStepSize,
        maxStepSize);
  }

  /**
   * Returns Rprop's scaling with etaMinus = 0.5, etaPlus = 1.2, minStepSize = 1e-6 and maxStepSize
   * = 50.
   *
   * @param learningRate the step size before the first step
   * @return the transformation
   */
  public static ScaleByRprop of(double learningRate) {
    return new ScaleByRprop(learningRate, 0.5, 1.2, 1e-6, 50);
  }

  @Override
  public ScaleByRpropState initialState(Tree params) {
    return new ScaleByRpropState(params.fill(learningRate), params.zeros());
  }

  @Override
  public Step<ScaleByRpropState> step(Tree g, ScaleByRpropState state, Tree params, Extras extras) {
    Tree sign = g.sign();
    // 1 where the sign stays, -1 where it has changed, else 0; p is 0 or at least minStepSize
    double large = Math.min(2 / minStepSize, 1e38);
    Tree turn = sign.times(state.prevUpdates()).times(large).max(-1).min(1);
    Tree changed = turn.min(0);
    // size <- etaPlus size, etaMinus size or size, between the bounds
    Tree factor = turn.max(0).times(etaPlus - 1).plus(changed.times(1 - etaMinus)).plus(1);
    Tree sizes = state.stepSizes().times(factor).max(minStepSize).min(maxStepSize);
    // p <- 0 where the sign has changed, else size sign(g)
    Tree p = sizes.times(sign).times(changed.plus(1));
    return Step.of(p.negate(), new ScaleByRpropState(sizes, p));
  }
}
