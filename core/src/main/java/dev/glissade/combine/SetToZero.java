package dev.glissade.combine;

import dev.glissade.Stateless;
import dev.glissade.Tree;

/**
 * Returns updates of 0, whatever the gradients are: parameters stay as they are, bit for bit, even
 * where a gradient is infinite or NaN. Keeps no state.
 */
public record SetToZero() implements Stateless {
  @Override
  public Tree step(Tree updates, Tree params) {
    return updates.zeros();
  }
}
