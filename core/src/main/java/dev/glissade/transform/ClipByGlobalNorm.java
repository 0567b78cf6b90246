package dev.glissade.transform;

import dev.glissade.Stateless;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Scales all updates together so that their norm is at most maxNorm (Pascanu, Mikolov and Bengio,
 * "On the difficulty of training Recurrent Neural Networks", 2013, arXiv 1211.5063):
 *
 * <pre>{@code
 * u = g                     if ||g|| <= maxNorm
 * u = g / ||g|| maxNorm     otherwise
 * }</pre>
 *
 * <p>where ||g|| is the norm of the whole tree. Put it first in a chain, before anything that keeps
 * moments, so that one bad batch cannot spoil them. An infinite maxNorm clips nothing.
 *
 * <p>Differs from Optax in that the norm does not overflow in float32, and that a maxNorm of 0
 * gives 0 everywhere, where Optax gives NaN for a gradient of 0. A NaN anywhere makes the norm, and
 * so all updates, NaN unless maxNorm is 0 or infinite. Keeps no state.
 *
 * @param maxNorm the largest norm of the whole tree, not negative
 */
@Withers
public record ClipByGlobalNorm(double maxNorm) implements Stateless, ClipByGlobalNormWithers {
  /**
   * Checks the bound.
   *
   * @param maxNorm not negative; may be infinite
   * @throws IllegalArgumentException if maxNorm is negative or NaN
   */
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
