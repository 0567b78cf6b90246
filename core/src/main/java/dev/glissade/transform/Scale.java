package dev.glissade.transform;

import dev.glissade.Stateless;
import dev.glissade.Tree;
import dev.glissade.tree.Check;

/** Multiplies updates by a number. */
public record Scale(double stepSize) implements Stateless {
  public Scale {
    Check.finite("stepSize", stepSize);
  }

  @Override
  public Tree step(Tree updates, Tree params) {
    return updates.times(stepSize);
  }
}
