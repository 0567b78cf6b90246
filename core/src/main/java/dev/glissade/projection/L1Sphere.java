package dev.glissade.projection;

import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Projects to the vectors whose absolute values add up to scale: {@code sign(x) s(|x|)}, with s the
 * projection to the {@link Simplex}. An element of 0 stays 0.
 *
 * @param scale the L1 norm, not negative
 */
@Withers
public record L1Sphere(double scale) implements Projection, L1SphereWithers {
  /**
   * Checks the scale.
   *
   * @param scale finite and not negative
   * @throws IllegalArgumentException if the scale is negative or not finite
   */
  public L1Sphere {
    Check.notNegative("scale", scale);
  }

  @Override
  public Tree of(Tree x) {
    return x.sign().times(new Simplex(scale).of(x.abs()));
  }
}
