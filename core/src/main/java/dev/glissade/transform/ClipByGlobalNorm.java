package dev.glissade.transform;

import dev.glissade.Scalar;
import dev.glissade.Stateless;
import dev.glissade.Tree;
import dev.glissade.tree.Check;

/**
 * Scales the whole tree so that its norm is at most maxNorm (Pascanu et al. 2013): {@code g} if
 * {@code ||g|| < maxNorm}, else {@code g / ||g|| * maxNorm}. With infinity as maxNorm nothing is
 * clipped, with 0 all is 0, infinities and NaN, too.
 */
public record ClipByGlobalNorm(double maxNorm) implements Stateless {
  public ClipByGlobalNorm {
    Check.bound("maxNorm", maxNorm);
  }

  @Override
  public Tree step(Tree g, Tree params) {
    if (maxNorm == Double.POSITIVE_INFINITY || maxNorm == 0) {
      return maxNorm == 0 ? g.zeros() : g;
    }
    Scalar norm = g.norm();
    Scalar one = Scalar.of(1);
    Scalar small = norm.lessThan(maxNorm);
    // never 0, so that a zero gradient with maxNorm = 0 gives 0
    Scalar divisor = norm.max(Float.MIN_NORMAL);
    return g.dividedBy(small.choose(one, divisor)).times(small.choose(one, Scalar.of(maxNorm)));
  }
}
