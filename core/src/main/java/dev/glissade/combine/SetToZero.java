package dev.glissade.combine;

import dev.glissade.Stateless;
import dev.glissade.Tree;

/**
 * Updates of 0, whatever the gradients are: what it is applied to stays as it is, bit for bit, also
 * where a gradient is infinite or NaN.
 */
public record SetToZero() implements Stateless {
  @Override
  public Tree step(Tree updates, Tree params) {
    return updates.zeros();
  }
}
