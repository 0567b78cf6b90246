package dev.glissade.transform;

import dev.glissade.Stateless;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Clips each element to [-maxDelta, maxDelta].
 *
 * <p>This changes the direction of the gradient; {@link ClipByGlobalNorm} does not. A NaN stays
 * NaN; an infinite maxDelta clips nothing. Keeps no state.
 *
 * <p>As in Optax. Takes real leaves of any type. It refuses complex ones: wrap the optimizer in
 * {@code splitRealAndImaginary}.
 *
 * @param maxDelta the largest absolute value of an element, not negative
 */
@Withers
public record Clip(double maxDelta) implements Stateless, ClipWithers {
  /**
   * Checks the bound.
   *
   * @param maxDelta not negative; may be infinite
   * @throws IllegalArgumentException if maxDelta is negative or NaN
   */
  public Clip {
    Check.bound("maxDelta", maxDelta);
  }

  @Override
  public Tree step(Tree updates, Tree params) {
    return maxDelta == Double.POSITIVE_INFINITY ? updates : clipped(updates);
  }

  private Tree clipped(Tree updates) {
    return updates.max(-maxDelta).min(maxDelta);
  }
}
