package dev.glissade.projection;

import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Projects to the vectors of at most a given norm: x where {@code ||x|| <= scale}, else {@code
 * scale x / ||x||}. The norm does not overflow.
 *
 * @param scale the largest norm, not negative
 */
@Withers
public record L2Ball(double scale) implements Projection, L2BallWithers {
  /**
   * Checks the scale.
   *
   * @param scale finite and not negative
   * @throws IllegalArgumentException if the scale is negative or not finite
   */
  public L2Ball {
    Check.notNegative("scale", scale);
  }

  @Override
  public Tree of(Tree x) {
    return scale == 0 ? x.zeros() : x.normAtMost(scale);
  }
}
