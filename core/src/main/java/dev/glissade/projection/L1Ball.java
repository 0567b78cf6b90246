package dev.glissade.projection;

import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Projects to the vectors whose absolute values add up to at most scale (Duchi et al., "Efficient
 * Projections onto the l1-Ball for Learning in High Dimensions", 2008): x where {@code ||x||_1 <=
 * scale}, else the nearest point of the {@link L1Sphere}, which sets small elements to 0.
 *
 * @param scale the largest L1 norm, not negative
 */
@Withers
public record L1Ball(double scale) implements Projection, L1BallWithers {
  /**
   * Checks the scale.
   *
   * @param scale finite and not negative
   * @throws IllegalArgumentException if the scale is negative or not finite
   */
  public L1Ball {
    Check.notNegative("scale", scale);
  }

  @Override
  public Tree of(Tree x) {
    Tree inside = x.as(x.structure().computed());
    return x.norm1().greaterThan(scale).choose(new L1Sphere(scale).of(x), inside);
  }
}
