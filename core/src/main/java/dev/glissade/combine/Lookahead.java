package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Lookahead: an optimizer takes syncPeriod steps, then slow weights move towards where it went, and
 * it starts again from there (Zhang et al., "Lookahead Optimizer: k steps forward, 1 step back",
 * 2019, arXiv 1907.08610, Algorithm 1):
 *
 * <pre>{@code
 * s <- s + slowStepSize (x + ub - s)     in every syncPeriod-th step
 * u = s - x                              in that step, else ub
 * }</pre>
 *
 * <p>where s are the slow weights, equal to the parameters at the start, and ub is the update of
 * the fast optimizer. The parameters x are the fast weights, at which you compute gradients; test
 * and save the slow ones, {@code Stepper.evalParams()}.
 *
 * <p>Differs from Optax in that the slow weights are in the state, so that the parameters stay an
 * ordinary tree, and in that an ordinary step is a choice, not a product with 0: a NaN gradient
 * does not reach the slow weights before the next synchronization. The slow weights of 16-bit
 * parameters are float32.
 *
 * @param fastOptimizer the optimizer of the fast weights
 * @param syncPeriod the number of steps from one synchronization to the next, at least 1
 * @param slowStepSize how far the slow weights move towards the fast ones, in [0, 1]
 * @param resetState whether each synchronization sets the fast optimizer's state, with the counts
 *     of its schedules, to a new one
 */
@Withers
public record Lookahead(
    GradientTransformation<?> fastOptimizer,
    int syncPeriod,
    double slowStepSize,
    boolean resetState)
    implements GradientTransformation<Lookahead.LookaheadState>, LookaheadWithers {

  /**
   * The state of {@link Lookahead}.
   *
   * @param fastState the state of the fast optimizer
   * @param stepsSinceSync the number of steps since the last synchronization
   * @param slow the slow weights
   */
  public record LookaheadState(Object fastState, Scalar stepsSinceSync, Tree slow) {}

  /**
   * Checks the arguments.
   *
   * @param fastOptimizer an optimizer of mean gradients
   * @param syncPeriod at least 1
   * @param slowStepSize in [0, 1]
   * @param resetState true or false
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Lookahead {
    Wrapped.requireMeanGradients("fastOptimizer", fastOptimizer, "aggregate them before lookahead");
    Check.atLeast("syncPeriod", 1, syncPeriod);
    Check.that(
        slowStepSize >= 0 && slowStepSize <= 1, "slowStepSize must be in [0, 1]", slowStepSize);
  }

  /**
   * Returns lookahead that keeps the fast optimizer's state at each synchronization.
   *
   * @param fastOptimizer the optimizer of the fast weights
   * @param syncPeriod the number of steps from one synchronization to the next, at least 1
   * @param slowStepSize how far the slow weights move towards the fast ones, in [0, 1]
   * @return the optimizer
   * @throws IllegalArgumentException as the constructor
   */
  public static Lookahead of(
      GradientTransformation<?> fastOptimizer, int syncPeriod, double slowStepSize) {
    return new Lookahead(fastOptimizer, syncPeriod, slowStepSize, false);
  }

  @Override
  public LookaheadState initialState(Tree params) {
    Tree slow = params.as(params.structure().computed());
    return new LookaheadState(Wrapped.initialState(fastOptimizer, params), Scalar.of(0), slow);
  }

  @Override
  public Step<LookaheadState> step(Tree g, LookaheadState state, Tree x, Extras extras) {
    Step<Object> fast = Wrapped.step(fastOptimizer, g, state.fastState(), x, extras);
    Scalar k = state.stepsSinceSync().plus(1);
    Step<LookaheadState> ordinary =
        Step.of(fast.updates(), new LookaheadState(fast.state(), k, state.slow()));
    // s <- s + slowStepSize (x + ub - s)
    Tree moved = x.plus(fast.updates()).minus(state.slow());
    Tree slow = slowStepSize == 0 ? state.slow() : state.slow().plus(moved.times(slowStepSize));
    Object next = resetState ? Wrapped.initialState(fastOptimizer, x) : fast.state();
    // u = s - x
    Step<LookaheadState> synced =
        Step.of(slow.minus(x), new LookaheadState(next, Scalar.of(0), slow));
    return k.equalTo(syncPeriod).choose(synced, ordinary);
  }

  /** Returns the slow weights. */
  @Override
  public Tree evalParams(LookaheadState state, Tree params) {
    return state.slow().as(params.structure());
  }
}
