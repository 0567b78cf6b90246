package dev.glissade.optimizer;

import dev.glissade.GradientTransformation;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.projection.Projection;
import dev.glissade.transform.KeepParamsIn;
import dev.glissade.transform.ScaleByLbfgsb;
import dev.glissade.transform.ScaleByZoomLinesearch;
import dev.glissade.transform.ScaleByZoomLinesearch.InitialGuess;
import dev.glissade.withers.Withers;

/**
 * L-BFGS-B: L-BFGS for parameters within bounds (Byrd, Lu, Nocedal and Zhu, "A Limited Memory
 * Algorithm for Bound Constrained Optimization", 1995):
 *
 * <pre>{@code
 * u = s (x_m - x)
 * }</pre>
 *
 * <p>with x_m of {@link ScaleByLbfgsb} and s from 0 to 1 of the line search. It needs the loss as a
 * function: {@code stepper.step(lossFunction)}. Parameters must be within the bounds at the start,
 * and stay there exactly. At a minimum, an element that is not at a bound has gradient 0, and one
 * that is has a gradient that points out of the bounds.
 *
 * <p>Optax has no such optimizer. State: a chain of those of {@link ScaleByLbfgsb}, {@link
 * ScaleByZoomLinesearch} and {@link KeepParamsIn}.
 *
 * @param bounds a projection of each element to an interval: {@code Projections.box}, {@code
 *     nonNegative}, {@code hypercube} or {@code linfBall}
 * @param memorySize the number of pairs to keep, at least 1
 * @param maxLinesearchSteps how often a step may evaluate the loss, at least 1
 */
@Withers
public record Lbfgsb(Projection bounds, int memorySize, int maxLinesearchSteps)
    implements Composite<ChainState>, LbfgsbWithers {

  /**
   * Checks the arguments.
   *
   * @param bounds a projection of each element to an interval
   * @param memorySize at least 1
   * @param maxLinesearchSteps at least 1
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Lbfgsb {
    new ScaleByLbfgsb(bounds, memorySize);
    ScaleByZoomLinesearch.of(maxLinesearchSteps);
  }

  /**
   * Returns L-BFGS-B with memorySize = 10 and maxLinesearchSteps = 20.
   *
   * @param bounds a projection of each element to an interval
   * @return the optimizer
   */
  public static Lbfgsb of(Projection bounds) {
    return new Lbfgsb(bounds, ScaleByLbfgsb.of(bounds).memorySize(), 20);
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleByLbfgsb(bounds, memorySize),
        ScaleByZoomLinesearch.of(maxLinesearchSteps)
            .maxLearningRate(1.0)
            .initialGuessStrategy(InitialGuess.ONE),
        new KeepParamsIn(bounds));
  }
}
