package dev.glissade.transform;

import dev.glissade.Stateless;
import dev.glissade.Tree;
import dev.glissade.tree.Check;

/** Clips each element to [-maxDelta, maxDelta]; NaN stays. */
public record Clip(double maxDelta) implements Stateless {
  public Clip {
    Check.notNegative("maxDelta", maxDelta);
  }

  @Override
  public Tree step(Tree updates, Tree params) {
    return updates.max(-maxDelta).min(maxDelta);
  }
}
