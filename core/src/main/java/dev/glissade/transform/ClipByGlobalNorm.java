package dev.glissade.transform;

import dev.glissade.Stateless;
import dev.glissade.Tree;
import dev.glissade.tree.Check;

/**
 * Scales the whole tree so that its norm is at most maxNorm (Pascanu et al. 2013): {@code g} if
 * {@code ||g|| < maxNorm}, else {@code g / ||g|| * maxNorm}.
 */
public record ClipByGlobalNorm(double maxNorm) implements Stateless {
  public ClipByGlobalNorm {
    Check.notNegative("maxNorm", maxNorm);
  }

  @Override
  public Tree step(Tree g, Tree params) {
    return g.normAtMost(maxNorm);
  }
}
