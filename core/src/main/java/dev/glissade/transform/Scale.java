package dev.glissade.transform;

import dev.glissade.Stateless;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Multiplies updates by a constant. A factor of 0 gives 0, even for an infinity or NaN, where Optax
 * gives NaN. Keeps no state.
 *
 * @param stepSize the factor; gradient descent needs a negative one
 */
@Withers
public record Scale(double stepSize) implements Stateless, ScaleWithers {
  /**
   * Checks that the factor is finite.
   *
   * @param stepSize any finite number
   * @throws IllegalArgumentException if stepSize is not finite
   */
  public Scale {
    Check.finite("stepSize", stepSize);
  }

  @Override
  public Tree step(Tree updates, Tree params) {
    return Scaled.by(updates, stepSize);
  }
}
