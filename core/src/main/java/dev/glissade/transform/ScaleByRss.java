package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Divides gradients by the root of the sum of their squares, as Adagrad does (Duchi, Hazan and
 * Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization", JMLR
 * 2011):
 *
 * <pre>{@code
 * s <- s + g^2        u = g / sqrt(s + eps), and 0 where s is 0
 * }</pre>
 *
 * <p>Differs from Optax in two ways. Gradients are {@linkplain Tree#squarable made squarable}, so
 * that a huge one does not overflow. A sum that would exceed the type's largest number stays at it.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param initialAccumulatorValue the sum of squares before the first step, not negative
 * @param eps added under the root, not negative
 */
@Withers
public record ScaleByRss(double initialAccumulatorValue, double eps)
    implements GradientTransformation<ScaleByRss.ScaleByRssState>, ScaleByRssWithers {

  /** Least value under the root, which makes 0/0 a 0: s is 0 only where g is. */
  private static final double TINY = Float.MIN_NORMAL;

  /**
   * The state of {@link ScaleByRss}.
   *
   * @param sumOfSquares the sum of squares, which starts at initialAccumulatorValue
   */
  public record ScaleByRssState(Tree sumOfSquares) {}

  /**
   * Checks the arguments.
   *
   * @param initialAccumulatorValue finite and not negative
   * @param eps finite and not negative
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByRss {
    Check.notNegative("initialAccumulatorValue", initialAccumulatorValue);
    Check.notNegative("eps", eps);
  }

  /**
   * Returns Adagrad's scaling with initialAccumulatorValue = 0.1 and eps = 1e-7.
   *
   * @return the transformation
   */
  public static ScaleByRss defaults() {
    return new ScaleByRss(0.1, 1e-7);
  }

  @Override
  public ScaleByRssState initialState(Tree params) {
    return new ScaleByRssState(params.fill(initialAccumulatorValue));
  }

  @Override
  public Step<ScaleByRssState> step(
      Tree updates, ScaleByRssState state, Tree params, Extras extras) {
    Tree g = updates.squarable();
    Tree s = state.sumOfSquares().plus(g.square()).cappedAtLargest();
    Tree root = s.plus(eps).max(TINY).sqrt();
    return Step.of(g.dividedBy(root), new ScaleByRssState(s));
  }
}
