package dev.glissade.combine;

import dev.glissade.Stateless;
import dev.glissade.Tree;

/** Returns updates unchanged and keeps no state. */
public record Identity() implements Stateless {
  @Override
  public Tree step(Tree updates, Tree params) {
    return updates;
  }
}
