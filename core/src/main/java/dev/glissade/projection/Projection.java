package dev.glissade.projection;

import dev.glissade.Tree;

/**
 * Maps a tree, as one vector of all its elements, to the nearest point of a set. Immutable.
 *
 * <p>The arithmetic is deferred, so a projection works inside a step. Outside, evaluate the result:
 *
 * <pre>{@code
 * Tree projected = Projections.l2Ball(1).of(params.plus(step.updates())).evaluate();
 * }</pre>
 */
@FunctionalInterface
public interface Projection {

  /**
   * Returns the projection, deferred.
   *
   * @param x any tree of real leaves
   * @return the nearest point of the set, with the paths and shapes of x; 16-bit leaves become
   *     float32
   */
  Tree of(Tree x);
}
