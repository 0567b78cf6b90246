package dev.glissade.transform;

import dev.glissade.Stateless;
import dev.glissade.Tree;

/**
 * Replaces NaN by 0; infinities stay. Keeps no state, where Optax's keeps a flag for each leaf that
 * says whether it had a NaN. To skip a step that has a NaN use {@code applyIfFinite} or {@code
 * Stepper.nonFinite}.
 */
public record ZeroNans() implements Stateless {
  @Override
  public Tree step(Tree updates, Tree params) {
    return updates.nanToZero();
  }
}
