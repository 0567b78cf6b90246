package dev.glissade.combine;

import dev.glissade.Stateless;
import dev.glissade.Tree;

/** Passes updates on as they are. */
public record Identity() implements Stateless {
  @Override
  public Tree step(Tree updates, Tree params) {
    return updates;
  }
}
