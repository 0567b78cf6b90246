package dev.glissade.transform;

import dev.glissade.Stateless;
import dev.glissade.Tree;

/**
 * Keeps parameters from becoming negative: an update that would make an element negative makes it 0
 * instead.
 *
 * <pre>{@code
 * u = -x if x + g < 0, else g
 * }</pre>
 *
 * <p>Put it last in a chain, since what comes after it changes the update again. An element that is
 * negative at the start becomes 0 in the first step. Keeps no state. {@link KeepParamsIn} does the
 * same for other sets.
 */
public record KeepParamsNonnegative() implements Stateless {
  @Override
  public Tree step(Tree g, Tree x) {
    // u = -x if x + g < 0, else g
    return x.plus(g).lessThan(0).choose(x.negate(), g);
  }
}
