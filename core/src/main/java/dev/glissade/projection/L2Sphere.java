package dev.glissade.projection;

import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Projects to the vectors of a given norm: {@code scale x / ||x||}. The norm does not overflow.
 *
 * <p>Every point of the sphere is equally near to 0. Here 0 stays 0, where Optax gives NaN.
 *
 * @param scale the norm, not negative
 */
@Withers
public record L2Sphere(double scale) implements Projection, L2SphereWithers {
  /**
   * Checks the scale.
   *
   * @param scale finite and not negative
   * @throws IllegalArgumentException if the scale is negative or not finite
   */
  public L2Sphere {
    Check.notNegative("scale", scale);
  }

  @Override
  public Tree of(Tree x) {
    return x.normalized().times(scale);
  }
}
