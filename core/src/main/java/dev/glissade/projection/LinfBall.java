package dev.glissade.projection;

import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Projects to the vectors whose elements have at most a given absolute value: {@code min(max(x,
 * -scale), scale)}.
 *
 * @param scale the largest absolute value of an element, not negative
 */
@Withers
public record LinfBall(double scale) implements Projection, LinfBallWithers {
  /**
   * Checks the scale.
   *
   * @param scale finite and not negative
   * @throws IllegalArgumentException if the scale is negative or not finite
   */
  public LinfBall {
    Check.notNegative("scale", scale);
  }

  @Override
  public Tree of(Tree x) {
    return x.max(-scale).min(scale);
  }
}
