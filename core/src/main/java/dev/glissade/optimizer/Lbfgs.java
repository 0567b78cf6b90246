package dev.glissade.optimizer;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.combine.Identity;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.ScaleByLbfgs;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.transform.ScaleByZoomLinesearch;
import dev.glissade.transform.ScaleByZoomLinesearch.InitialGuess;
import dev.glissade.withers.Withers;

/**
 * L-BFGS: descends along the gradients times an estimate of the inverse Hessian from the last
 * steps, as far as a line search says (Liu and Nocedal, "On the Limited Memory BFGS Method for
 * Large Scale Optimization", 1989):
 *
 * <pre>{@code
 * u = -s learningRate H g
 * }</pre>
 *
 * <p>with H of {@link ScaleByLbfgs} and s of the line search. State: a chain of those of {@link
 * ScaleByLbfgs}, {@link ScaleByLearningRate} and the line search.
 *
 * <p>Differs from Optax as {@link ScaleByLbfgs} does.
 *
 * @param learningRate multiplies the direction; leave it at 1 with a line search
 * @param memorySize the number of pairs to keep, at least 1
 * @param scaleInitPrecond whether the first estimate is scaled by the curvature of the newest pair
 * @param maxInitScale the largest factor of the gradients before there is a pair, positive;
 *     infinity makes the first update of length 1, as SciPy does, which often saves an evaluation
 * @param linesearch scales the direction; {@link Identity} for none
 */
@Withers
public record Lbfgs(
    Schedule learningRate,
    int memorySize,
    boolean scaleInitPrecond,
    double maxInitScale,
    GradientTransformation<?> linesearch)
    implements Composite<ChainState>, LbfgsWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param memorySize at least 1
   * @param scaleInitPrecond true or false
   * @param maxInitScale positive
   * @param linesearch any transformation
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Lbfgs {
    new ScaleByLbfgs(memorySize, scaleInitPrecond, maxInitScale, true);
  }

  /**
   * Returns L-BFGS with learningRate = 1, memorySize = 10, scaleInitPrecond = true, maxInitScale =
   * 1 and a zoom line search of at most 20 evaluations that tries a step of 1 first.
   *
   * @return the optimizer
   */
  public static Lbfgs defaults() {
    ScaleByLbfgs scaling = ScaleByLbfgs.defaults();
    return new Lbfgs(
        new ConstantSchedule(1),
        scaling.memorySize(),
        scaling.scaleInitPrecond(),
        scaling.maxInitScale(),
        ScaleByZoomLinesearch.of(20).initialGuessStrategy(InitialGuess.ONE));
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleByLbfgs(memorySize, scaleInitPrecond, maxInitScale, searches()),
        ScaleByLearningRate.of(learningRate),
        linesearch);
  }

  /** Returns whether there is a line search, along which a direction has to descend. */
  private boolean searches() {
    return !(linesearch instanceof Identity);
  }
}
