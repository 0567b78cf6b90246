package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.combine.Wrapped;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Cautious optimizers: drops the parts of another optimizer's updates that go uphill at the present
 * gradient, and makes the rest larger (Liang et al., "Cautious Optimizers: Improving Training with
 * One Line of Code", 2024, arXiv 2411.16085). With ub the base optimizer's update, which is added
 * to the parameters:
 *
 * <pre>{@code
 * mask = 1 where ub g < 0, else 0
 * u = ub mask / max(mean(mask), leastShare), the mean over each leaf
 * }</pre>
 *
 * <p>Momentum may still point to where an old gradient pointed; an update that is masked never
 * does. Wrap a whole optimizer with momentum, its learning rate included: {@code
 * cautious(lion(1e-4))}. What the base optimizer decays is masked with the rest.
 *
 * <p>The paper divides by (count of ones + 1) / size; its authors' code has the formula above.
 * Optax has no counterpart yet. State: the base optimizer's; extra arguments reach it.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param baseOptimizer the optimizer whose updates to mask
 * @param leastShare the least mean of a mask by which to divide, in (0, 1]
 */
@Withers
public record Cautious(GradientTransformation<?> baseOptimizer, double leastShare)
    implements GradientTransformation<Cautious.CautiousState>, CautiousWithers {

  /**
   * The state of {@link Cautious}.
   *
   * @param baseOptimizerState the base optimizer's state
   */
  public record CautiousState(Object baseOptimizerState) {}

  /**
   * Checks the arguments.
   *
   * @param baseOptimizer an optimizer of mean gradients
   * @param leastShare more than 0 and at most 1
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Cautious {
    Wrapped.requireMeanGradients("baseOptimizer", baseOptimizer, "aggregate them before cautious");
    Check.that(leastShare > 0 && leastShare <= 1, "leastShare must be in (0, 1]", leastShare);
  }

  /**
   * Returns the cautious form of an optimizer, with leastShare = 1e-3.
   *
   * @param baseOptimizer the optimizer whose updates to mask
   * @return the optimizer
   * @throws IllegalArgumentException if baseOptimizer takes per-example gradients
   */
  public static Cautious of(GradientTransformation<?> baseOptimizer) {
    return new Cautious(baseOptimizer, 1e-3);
  }

  @Override
  public CautiousState initialState(Tree params) {
    return new CautiousState(Wrapped.initialState(baseOptimizer, params));
  }

  @Override
  public Step<CautiousState> step(Tree g, CautiousState state, Tree params, Extras extras) {
    Step<Object> base = Wrapped.step(baseOptimizer, g, state.baseOptimizerState(), params, extras);
    Tree ub = base.updates();
    // ub g < 0, by the sign of g, since a product of small numbers may underflow
    Tree mask = ub.times(g.sign()).lessThan(0);
    // u = ub mask / max(mean(mask), leastShare)
    Tree share = mask.leafMeans().broadcast(ub).max(leastShare);
    Tree u = mask.choose(ub, ub.zeros()).dividedBy(share);
    return Step.of(u, new CautiousState(base.state()));
  }

  @Override
  public Tree evalParams(CautiousState state, Tree params) {
    return Wrapped.evalParams(baseOptimizer, state.baseOptimizerState(), params);
  }
}
