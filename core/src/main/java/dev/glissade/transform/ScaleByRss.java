package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Adagrad (Duchi et al. 2011): {@code s <- s + g^2}, updates {@code g / sqrt(s + eps)}, and 0 where
 * s is 0. Gradients are {@linkplain Tree#squarable made squarable}, and a sum beyond the largest
 * number is that.
 *
 * @param initialAccumulatorValue the sum of squares before the first step
 * @param eps added under the root
 */
@Withers
public record ScaleByRss(double initialAccumulatorValue, double eps)
    implements GradientTransformation<ScaleByRss.ScaleByRssState>, ScaleByRssWithers {

  /** What is added under the root so that 0/0 is 0: s is 0 only where g is. */
  private static final double TINY = Float.MIN_NORMAL;

  public record ScaleByRssState(Tree sumOfSquares) {}

  public ScaleByRss {
    Check.notNegative("initialAccumulatorValue", initialAccumulatorValue);
    Check.notNegative("eps", eps);
  }

  /** Returns Adagrad with initialAccumulatorValue = 0.1, eps = 1e-7. */
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
