package dev.glissade.transform;

import dev.glissade.Stateless;
import dev.glissade.Tree;

/** Replaces NaN by 0; infinities stay. */
public record ZeroNans() implements Stateless {
  @Override
  public Tree step(Tree updates, Tree params) {
    return updates.nanToZero();
  }
}
