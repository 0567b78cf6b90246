package dev.glissade.projection;

import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Projects each element to the interval from 0 to scale: {@code min(max(x, 0), scale)}.
 *
 * @param scale the length of an edge of the cube, not negative
 */
@Withers
public record Hypercube(double scale) implements Projection, HypercubeWithers {
  /**
   * Checks the scale.
   *
   * @param scale finite and not negative
   * @throws IllegalArgumentException if the scale is negative or not finite
   */
  public Hypercube {
    Check.notNegative("scale", scale);
  }

  @Override
  public Tree of(Tree x) {
    return x.max(0).min(scale);
  }
}
