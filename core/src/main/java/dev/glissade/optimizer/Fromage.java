package dev.glissade.optimizer;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.transform.ScaleBySchedule.ScaleByScheduleState;
import dev.glissade.transform.ScaleByTrustRatio;
import dev.glissade.withers.Withers;

/**
 * Fromage: steps relative to the size of each layer, then a step back that keeps the parameters
 * from growing (Bernstein et al., "On the distance between two neural networks and the stability of
 * learning", 2020, arXiv 2002.03432):
 *
 * <pre>{@code
 * c = 1 / sqrt(1 + learningRate^2)
 * u = -learningRate c trust(g) + (c - 1) x
 * }</pre>
 *
 * <p>where trust is the result of {@link ScaleByTrustRatio} with minNorm. Layers that start at 0
 * barely move, because a step is at most learningRate times the norm of the layer, or minNorm.
 *
 * <p>Differs from Optax as {@link ScaleByTrustRatio} does, and in that c is a double, also with a
 * schedule. State: the number of steps taken.
 *
 * @param learningRate the relative size of a step; read at count 0 at the first step
 * @param minNorm the least norm of a leaf and of its gradient, not negative
 */
@Withers
public record Fromage(Schedule learningRate, double minNorm)
    implements GradientTransformation<ScaleByScheduleState>, FromageWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param minNorm finite and not negative
   * @throws IllegalArgumentException if minNorm is negative or not finite
   */
  public Fromage {
    new ScaleByTrustRatio(minNorm, 1, 0);
  }

  /**
   * Returns Fromage with minNorm = 1e-6.
   *
   * @param learningRate the relative size of a step
   * @return the optimizer
   */
  public static Fromage of(Schedule learningRate) {
    return new Fromage(learningRate, 1e-6);
  }

  @Override
  public ScaleByScheduleState initialState(Tree params) {
    return new ScaleByScheduleState(Scalar.of(0));
  }

  @Override
  public Step<ScaleByScheduleState> step(
      Tree g, ScaleByScheduleState state, Tree x, Extras extras) {
    Scalar lr = learningRate.at(state.count());
    Scalar c = Scalar.of(1).dividedBy(lr.times(lr).plus(1).sqrt());
    Tree trusted = new ScaleByTrustRatio(minNorm, 1, 0).step(g, x);
    // u = -lr c trust(g) + (c - 1) x
    Tree u = trusted.times(lr.times(c).negate()).plus(x.times(c.minus(1)));
    return Step.of(u, state.next());
  }
}
