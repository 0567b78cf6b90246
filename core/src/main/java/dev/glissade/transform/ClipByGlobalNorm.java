package dev.glissade.transform;

import dev.glissade.Stateless;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Scales the whole tree so that its norm is at most maxNorm (Pascanu et al. 2013): {@code g} if
 * {@code ||g|| < maxNorm}, else {@code g / ||g|| * maxNorm}. With an infinite maxNorm nothing is
 * clipped. With 0 every element is 0, also where it is NaN or infinite.
 *
 * @param maxNorm the largest norm of the whole tree, not negative
 */
@Withers
public record ClipByGlobalNorm(double maxNorm) implements Stateless, ClipByGlobalNormWithers {
  public ClipByGlobalNorm {
    Check.bound("maxNorm", maxNorm);
  }

  @Override
  public Tree step(Tree g, Tree params) {
    if (maxNorm == Double.POSITIVE_INFINITY || maxNorm == 0) {
      return maxNorm == 0 ? g.zeros() : g;
    }
    return g.normAtMost(maxNorm);
  }
}
